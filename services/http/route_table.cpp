#include "services/http/route_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace agon::http {
namespace {

constexpr std::size_t max_parameters = 8;
constexpr std::size_t max_slug = 64;
constexpr std::array all_methods = {method::get,   method::head,    method::post,   method::put,
                                    method::patch, method::delete_, method::options};

constexpr unsigned bit_of(method m) {
  return 1U << static_cast<unsigned>(m);
}

enum class kind { literal, uuid, slug, path };

struct segment {
  kind type = kind::literal;
  std::string_view text;  // of the literal, or the parameter's name
};

bool lower_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= max_slug && lower_alnum(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return lower_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

// Relative, without empty segments: decode_path has refused dot segments before.
bool is_relative_path(std::string_view text) {
  return !text.empty() && text.front() != '/' && text.back() != '/' &&
         text.find("//") == std::string_view::npos;
}

[[noreturn]] void malformed(std::string_view pattern, std::string_view why) {
  throw std::invalid_argument("route " + std::string(pattern) + ": " + std::string(why));
}

segment parse_segment(std::string_view pattern, std::string_view text) {
  if (text.empty()) malformed(pattern, "empty segment");
  if (text.front() != '{') {
    if (text.find_first_of("{}%?#") != std::string_view::npos)
      malformed(pattern, "a segment is either literal or one {name:type}");
    return {kind::literal, text};
  }
  const std::size_t colon = text.find(':');
  if (text.back() != '}' || colon == std::string_view::npos || colon < 2)
    malformed(pattern, "a parameter is written {name:type}");
  const std::string_view name = text.substr(1, colon - 1);
  const std::string_view type = text.substr(colon + 1, text.size() - colon - 2);
  if (type == "uuid") return {kind::uuid, name};
  if (type == "slug") return {kind::slug, name};
  if (type == "path") return {kind::path, name};
  malformed(pattern, "the types are uuid, slug and path");
}

std::vector<segment> parse_pattern(std::string_view pattern) {
  if (pattern.empty() || pattern.front() != '/') malformed(pattern, "must start with /");
  std::vector<segment> out;
  std::string_view rest = pattern.substr(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (!out.empty() && out.back().type == kind::path) malformed(pattern, "{path} must be last");
    if (end + 1 == rest.size()) malformed(pattern, "must not end with /");
    out.push_back(parse_segment(pattern, rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace

struct route_table::node {
  using by_method = std::array<const route*, all_methods.size()>;

  std::vector<std::pair<std::string, std::unique_ptr<node>>> literals;
  std::unique_ptr<node> uuid;
  std::unique_ptr<node> slug;
  by_method here{};  // of paths that end at this node
  by_method rest{};  // of {path} below this node

  node& child(const segment& s) {
    if (s.type == kind::literal) {
      for (auto& [text, next] : literals)
        if (text == s.text) return *next;
      literals.emplace_back(std::string(s.text), std::make_unique<node>());
      return *literals.back().second;
    }
    auto& next = s.type == kind::uuid ? uuid : slug;
    if (!next) next = std::make_unique<node>();
    return *next;
  }
};

struct route_table::search {
  std::optional<method> verb;
  std::array<std::string_view, max_parameters> values{};
  std::size_t count = 0;
  route_match out{};
};

route_table::route_table() : root_(std::make_unique<node>()) {}
route_table::~route_table() = default;

void route_table::add(method verb, std::string_view pattern, handler h, route_options options) {
  if (!h) malformed(pattern, "has no handler");
  if (verb == method::head) malformed(pattern, "HEAD is answered by the GET route");
  auto made = std::make_unique<route>();
  node* at = root_.get();
  auto* slots = &at->here;
  for (const segment& s : parse_pattern(pattern)) {
    if (s.type != kind::literal) made->parameter_names.emplace_back(s.text);
    if (s.type == kind::path) {
      slots = &at->rest;
      break;
    }
    at = &at->child(s);
    slots = &at->here;
  }
  auto& names = made->parameter_names;
  if (names.size() > max_parameters) malformed(pattern, "too many parameters");
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::count(names.begin(), names.end(), names[i]) > 1)
      malformed(pattern, "two parameters have one name");
  const route*& slot = (*slots)[static_cast<std::size_t>(verb)];
  if (slot != nullptr) malformed(pattern, "ambiguous with " + slot->pattern);
  made->verb = verb;
  made->pattern = pattern;
  made->handle = std::move(h);
  made->options = options;
  made->index = routes_.size();
  slot = made.get();
  routes_.push_back(std::move(made));
}

void route_table::set_fallback(handler h) {
  if (fallback_ != nullptr || !h) throw std::invalid_argument("one fallback, with a handler");
  auto made = std::make_unique<route>();
  made->pattern = "fallback";
  made->handle = std::move(h);
  made->index = routes_.size();
  fallback_ = made.get();
  routes_.push_back(std::move(made));
}

bool route_table::finish(const std::array<const route*, 7>& routes, search& s) {
  for (const method m : all_methods)
    if (routes[static_cast<std::size_t>(m)] != nullptr) s.out.allowed |= bit_of(m);
  if (!s.verb) return false;
  const method wanted = *s.verb == method::head ? method::get : *s.verb;
  s.out.found = routes[static_cast<std::size_t>(wanted)];
  return s.out.found != nullptr;
}

// `rest` starts behind a slash; an empty one is the end of the path.
bool route_table::visit(const node& at, std::string_view rest, search& s) {
  if (rest.data() == nullptr) return finish(at.here, s);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  const std::string_view next = end < rest.size() ? rest.substr(end + 1) : std::string_view{};
  for (const auto& [text, child] : at.literals)
    if (text == segment && visit(*child, next, s)) return true;
  const std::size_t before = s.count;
  for (const auto& [child, fits] : {std::pair{at.uuid.get(), at.uuid && parse_uuid(segment)},
                                    std::pair{at.slug.get(), at.slug && is_slug(segment)}}) {
    if (!fits) continue;
    s.values[s.count++] = segment;
    if (visit(*child, next, s)) return true;
    s.count = before;
  }
  if (!is_relative_path(rest) || !finish(at.rest, s)) return false;
  s.values[s.count++] = rest;
  return true;
}

route_match route_table::match(
    std::optional<method> verb, std::string_view path,
    std::vector<std::pair<std::string_view, std::string_view>>& parameters) const {
  parameters.clear();
  if (path.empty() || path.front() != '/') return {};
  search s{.verb = verb};
  path.remove_prefix(1);
  const bool matched = visit(*root_, path.empty() ? std::string_view{} : path, s);
  if (!matched) {
    const bool reads = verb == method::get || verb == method::head;
    if (s.out.allowed == 0 && fallback_ != nullptr && reads) s.out.found = fallback_;
    return s.out;
  }
  for (std::size_t i = 0; i < s.count; ++i)
    parameters.emplace_back(s.out.found->parameter_names[i], s.values[i]);
  return s.out;
}

std::string allow_header(unsigned allowed) {
  std::string out;
  if ((allowed & bit_of(method::get)) != 0) allowed |= bit_of(method::head);
  allowed |= bit_of(method::options);
  for (const method m : all_methods) {
    if ((allowed & bit_of(m)) == 0) continue;
    if (!out.empty()) out += ", ";
    out += name_of(m);
  }
  return out;
}

router::router() : tree_(std::make_unique<tree>()) {}
router::~router() = default;

void router::add(method verb, std::string_view pattern, handler h, route_options options) {
  tree_->table.add(verb, pattern, std::move(h), options);
}

void router::fallback(handler h) {
  tree_->table.set_fallback(std::move(h));
}

}  // namespace agon::http
