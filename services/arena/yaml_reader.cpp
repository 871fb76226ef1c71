#include "services/arena/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "services/arena/yaml_json.hpp"
#include "services/core/json_reader.hpp"

namespace agon::arena {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr unit durations[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr unit sizes[] = {
    {"", 1},      {"KiB", 1UL << 10}, {"MiB", 1UL << 20},   {"GiB", 1UL << 30},
    {"kB", 1000}, {"MB", 1'000'000},  {"GB", 1'000'000'000}};

// "20s" → 20 × 1000. Nothing for another unit, a sign, a fraction, or too much.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const unit (&units)[N]) {
  std::uint64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc() || count > (1ULL << 40U)) return std::nullopt;
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const unit& u : units)
    if (name == u.name) return count * u.factor;
  return std::nullopt;
}

nlohmann::json scalar_json(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // it was quoted
  if (text == "true") return true;
  if (text == "false") return false;
  auto number = nlohmann::json::parse(text, nullptr, false);
  if (number.is_number()) return number;
  return text;
}

// `nodes` counts down, since a short text with anchors can stand for a very long one.
std::optional<nlohmann::json> json_of(const YAML::Node& node, int depth, int& nodes) {
  constexpr int deepest = 32;
  if (depth > deepest || --nodes < 0) return std::nullopt;
  if (node.IsNull()) return nlohmann::json();
  if (node.IsScalar()) return scalar_json(node);
  if (node.IsSequence()) {
    nlohmann::json out = nlohmann::json::array();
    for (const YAML::Node& element : node) {
      auto value = json_of(element, depth + 1, nodes);
      if (!value) return std::nullopt;
      out.push_back(std::move(*value));
    }
    return out;
  }
  nlohmann::json out = nlohmann::json::object();
  for (const auto& entry : node) {
    auto value = json_of(entry.second, depth + 1, nodes);
    if (!value || !entry.first.IsScalar() || out.contains(entry.first.Scalar()))
      return std::nullopt;
    out[entry.first.Scalar()] = std::move(*value);
  }
  return out;
}

}  // namespace

yaml_reader::yaml_reader(YAML::Node node, std::string path)
    : yaml_reader(std::move(node), std::move(path), std::make_shared<std::vector<field_error>>()) {
  if (!node_.IsMap()) complain("", "must be a mapping of names to values");
}

yaml_reader::yaml_reader(YAML::Node node, std::string path,
                         std::shared_ptr<std::vector<field_error>> shared)
    : node_(std::move(node)), path_(std::move(path)), complaints_(std::move(shared)) {}

YAML::Node yaml_reader::child(std::string_view key) const {
  if (!node_.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node& constant = node_;  // the const operator[] adds nothing
  return constant[std::string(key)];
}

std::string yaml_reader::place(std::string_view key, int line) const {
  std::string name = path_;
  if (!key.empty()) name += (name.empty() ? "" : ".") + std::string(key);
  return "line " + std::to_string(line + 1) + (name.empty() ? "" : ": " + name);
}

void yaml_reader::complain(std::string_view key, std::string reason) {
  YAML::Node at = node_;
  if (!key.empty()) {
    const YAML::Node c = child(key.substr(0, key.find('[')));
    if (c.IsDefined()) at.reset(c);
  }
  complaints_->push_back({place(key, std::max(at.Mark().line, 0)), std::move(reason)});
}

void yaml_reader::complain_within(std::string_view key, std::string_view pointer,
                                  std::string reason) {
  YAML::Node at;
  at.reset(child(key));
  int line = at.IsDefined() ? at.Mark().line : node_.Mark().line;
  std::string path(key);
  for (std::size_t from = 1; from <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', from), pointer.size());
    const std::string name(pointer.substr(from, end - from));
    from = end + 1;
    path += "." + name;
    if (!at.IsDefined() || !at.IsMap()) continue;
    const YAML::Node& constant = at;
    const YAML::Node next = constant[name];
    if (next.IsDefined()) line = next.Mark().line;
    at.reset(next);
  }
  complaints_->push_back({place(path, std::max(line, 0)), std::move(reason)});
}

std::optional<std::string> yaml_reader::mapping_json(std::string_view key) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  if (!c.IsDefined() || c.IsNull()) return std::nullopt;
  if (!c.IsMap()) {
    complain(key, "must be a mapping of names to values");
    return std::nullopt;
  }
  auto text = yaml_to_json(c);
  if (!text) complain(key, text.error());
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

std::vector<std::string> yaml_reader::keys() const {
  std::vector<std::string> out;
  if (!node_.IsMap()) return out;
  for (const auto& entry : node_)
    if (entry.first.IsScalar()) out.push_back(entry.first.Scalar());
  return out;
}

bool yaml_reader::is_list(std::string_view key) const {
  const YAML::Node c = child(key);
  return c.IsDefined() && c.IsSequence();
}

bool yaml_reader::is_mapping(std::string_view key) const {
  const YAML::Node c = child(key);
  return c.IsDefined() && c.IsMap();
}

bool yaml_reader::has(std::string_view key) const {
  const YAML::Node c = child(key);
  return c.IsDefined() && !c.IsNull();
}

std::optional<std::string> yaml_reader::scalar(std::string_view key, bool required) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  if (!c.IsDefined() || c.IsNull()) {
    if (required) complain(key, "is missing");
    return std::nullopt;
  }
  if (!c.IsScalar()) {
    complain(key, "must be a single value");
    return std::nullopt;
  }
  return c.Scalar();
}

std::string yaml_reader::text(std::string_view key, std::size_t max) {
  const auto value = scalar(key, true);
  if (!value) return {};
  if (value->empty() || code_points(*value) > max)
    complain(key, "must have 1 to " + std::to_string(max) + " characters");
  return *value;
}

std::string yaml_reader::text_or(std::string_view key, std::string fallback, std::size_t max) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  if (code_points(*value) > max)
    complain(key, "must have at most " + std::to_string(max) + " characters");
  return *value;
}

std::int64_t yaml_reader::integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                     std::int64_t max) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  std::int64_t n = 0;
  const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), n);
  if (failed != std::errc() || end != value->data() + value->size() || n < min || n > max) {
    complain(key,
             "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return fallback;
  }
  return n;
}

double yaml_reader::number_or(std::string_view key, double fallback, double min, double max) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  double n = 0;
  const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), n);
  if (failed != std::errc() || end != value->data() + value->size() || !(n >= min) || !(n <= max)) {
    complain(key, fmt::format("must be a number from {} to {}", min, max));
    return fallback;
  }
  return n;
}

bool yaml_reader::boolean_or(std::string_view key, bool fallback) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  if (*value == "true") return true;
  if (*value != "false") complain(key, "must be true or false");
  return false;
}

std::chrono::milliseconds yaml_reader::duration_or(std::string_view key,
                                                   std::chrono::milliseconds fallback,
                                                   std::chrono::milliseconds max) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  const auto count = with_unit(*value, durations);
  if (!count || *count == 0 || *count > static_cast<std::uint64_t>(max.count())) {
    complain(key, "must be a duration such as 500ms, 20s, 5m or 1h, at most " +
                      std::to_string(max.count() / 1000) + "s");
    return fallback;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(*count));
}

std::uint64_t yaml_reader::bytes_or(std::string_view key, std::uint64_t fallback,
                                    std::uint64_t max) {
  const auto value = scalar(key, false);
  if (!value) return fallback;
  const auto count = with_unit(*value, sizes);
  if (!count || *count == 0 || *count > max) {
    complain(key, "must be a size such as 512MiB, at most " + std::to_string(max) + " bytes");
    return fallback;
  }
  return *count;
}

std::vector<std::string> yaml_reader::texts(std::string_view key, std::size_t min, std::size_t max,
                                            std::size_t max_length) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  std::vector<std::string> out;
  if (!c.IsDefined() || c.IsNull()) {
    if (min > 0) complain(key, "is missing");
    return out;
  }
  if (!c.IsSequence() || c.size() < min || c.size() > max) {
    complain(key,
             "must be a list of " + std::to_string(min) + " to " + std::to_string(max) + " texts");
    return out;
  }
  for (std::size_t i = 0; i < c.size(); ++i) {
    if (c[i].IsScalar() && !c[i].Scalar().empty() && code_points(c[i].Scalar()) <= max_length)
      out.push_back(c[i].Scalar());
    else
      complain(std::string(key) + "[" + std::to_string(i) + "]",
               "must be a text of 1 to " + std::to_string(max_length) + " characters");
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> yaml_reader::pairs(std::string_view key,
                                                                    std::size_t max) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  std::vector<std::pair<std::string, std::string>> out;
  if (!c.IsDefined() || c.IsNull()) return out;
  if (!c.IsMap() || c.size() > max) {
    complain(key, "must be a mapping of at most " + std::to_string(max) + " names to values");
    return out;
  }
  for (const auto& entry : c) {
    if (entry.first.IsScalar() && entry.second.IsScalar())
      out.emplace_back(entry.first.Scalar(), entry.second.Scalar());
    else
      complain(key, "must be a mapping of names to single values");
  }
  return out;
}

std::string yaml_reader::json(std::string_view key, bool required) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  if (!c.IsDefined() || c.IsNull()) {
    if (required) complain(key, "is missing");
    return {};
  }
  int nodes = 10'000;
  const auto value = json_of(c, 0, nodes);
  if (!value) {
    complain(key, "is too large or too deep, or has a name that is no text or stands twice");
    return {};
  }
  return print_json(*value);
}

yaml_reader yaml_reader::mapping(std::string_view key, bool required) {
  known_.emplace_back(key);
  const YAML::Node c = child(key);
  const std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  if (!c.IsDefined() || c.IsNull()) {
    if (required) complain(key, "is missing");
    return {YAML::Node(YAML::NodeType::Map), path, complaints_};
  }
  if (!c.IsMap()) {
    complain(key, "must be a mapping of names to values");
    return {YAML::Node(YAML::NodeType::Map), path, complaints_};
  }
  return {c, path, complaints_};
}

std::vector<yaml_reader> yaml_reader::mappings(std::string_view key, std::size_t min,
                                               std::size_t max) {
  known_.emplace_back(key);
  std::vector<yaml_reader> out;
  const YAML::Node c = child(key);
  if (!c.IsDefined() || !c.IsSequence() || c.size() < min || c.size() > max) {
    if (c.IsDefined() || min > 0)
      complain(key, "must be a list of " + std::to_string(min) + " to " + std::to_string(max) +
                        " entries");
    return out;
  }
  for (std::size_t i = 0; i < c.size(); ++i) {
    const std::string at = std::string(key) + "[" + std::to_string(i) + "]";
    if (c[i].IsMap())
      out.push_back({c[i], path_.empty() ? at : path_ + "." + at, complaints_});
    else
      complain(at, "must be a mapping of names to values");
  }
  return out;
}

void yaml_reader::end() {
  if (!node_.IsMap()) return;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    const auto times = std::count_if(node_.begin(), node_.end(), [&](const auto& other) {
      return other.first.IsScalar() && other.first.Scalar() == key;
    });
    const int line = std::max(entry.first.Mark().line, 0);
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      complaints_->push_back({place(key, line), "is not known here"});
    else if (times > 1)
      complaints_->push_back({place(key, line), "stands twice"});
  }
}

}  // namespace agon::arena
