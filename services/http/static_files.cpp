#include "services/http/static_files.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "services/http/conditional.hpp"
#include "services/http/trimmed.hpp"

namespace agon::http {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = 256ULL * 1024 * 1024;
constexpr std::array<std::string_view, 5> not_pages = {"/api", "/assets", "/media", "/releases",
                                                       "/.well-known"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> types = {{
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"xml", "application/xml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"woff", "font/woff"},
    {"ogg", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"mp3", "audio/mpeg"},
    {"wav", "audio/wav"},
    {"wasm", "application/wasm"},
}};

std::string_view extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) throw std::runtime_error("cannot read the page " + path.string());
  return bytes;
}

// "q=0", "q=0.000": not wanted.
bool weight_is_zero(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view weight = trimmed(parameters.substr(q + 2));
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

bool is_page(std::string_view path) {
  for (const std::string_view prefix : not_pages)
    if (path.substr(0, prefix.size()) == prefix &&
        (path.size() == prefix.size() || path[prefix.size()] == '/'))
      return false;
  return path.substr(path.rfind('/')).find('.') == std::string_view::npos;
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  bool star = false;
  while (!accept_encoding.empty()) {
    const std::size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = accept_encoding.substr(0, end);
    accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = trimmed(item.substr(0, semicolon));
    const bool wanted = !weight_is_zero(item.substr(semicolon));
    if (boost::beast::iequals(name, coding)) return wanted;
    if (name == "*") star = wanted;
  }
  return star;
}

std::string_view content_type_of(std::string_view file_name) {
  const std::string_view extension = extension_of(file_name);
  for (const auto& [known, type] : types)
    if (boost::beast::iequals(known, extension)) return type;
  return "application/octet-stream";
}

static_files::static_files(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / "index.html", error))
    throw std::runtime_error("the pages are missing: there is no " +
                             (folder / "index.html").string());
  read(folder);
}

static_files::~static_files() = default;

void static_files::read(const fs::path& folder) {
  std::uint64_t total = 0;
  std::unordered_map<std::string, variant> all;
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::end(at); ++at) {
    const bool hidden = at->path().filename().string().front() == '.';
    if (hidden || at->is_symlink()) {
      at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file()) continue;
    std::string bytes = read_file(at->path());
    total += bytes.size();
    if (total > most_bytes) throw std::runtime_error("the folder of pages is too large");
    std::string etag = etag_of(bytes);
    all["/" + at->path().lexically_relative(folder).generic_string()] = {
        std::make_shared<const std::string>(std::move(bytes)), std::move(etag)};
  }
  const auto variant_at = [&](const std::string& path) {
    const auto found = all.find(path);
    return found == all.end() ? variant{} : found->second;
  };
  for (const auto& [path, plain] : all) {
    const std::string_view extension = extension_of(path);
    const std::string base = path.substr(0, path.rfind('.'));
    if ((extension == "br" || extension == "gz") && all.contains(base)) continue;
    entries_[path] = {.content_type = std::string(content_type_of(path)),
                      .immutable = path.starts_with("/assets/"),
                      .plain = plain,
                      .brotli = variant_at(path + ".br"),
                      .gzip = variant_at(path + ".gz")};
  }
}

const static_files::entry* static_files::find(std::string_view path) const {
  const auto found = entries_.find(std::string(path));
  if (found != entries_.end()) return &found->second;
  return is_page(path) ? &entries_.at("/index.html") : nullptr;
}

response static_files::answer(const request& r) const {
  const entry* const file = find(r.path);
  if (file == nullptr)
    return problem(fail(errc::not_found, "There is nothing at this address."), r.request_id);
  const std::string_view accepted = r.header("accept-encoding");
  const variant* best = &file->plain;
  response out;
  out.content_type = file->content_type;
  out.set("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file->brotli.bytes || file->gzip.bytes) out.set("Vary", "Accept-Encoding");
  if (file->brotli.bytes && accepts_coding(accepted, "br")) {
    best = &file->brotli;
    out.set("Content-Encoding", "br");
  } else if (file->gzip.bytes && accepts_coding(accepted, "gzip")) {
    best = &file->gzip;
    out.set("Content-Encoding", "gzip");
  }
  out.set("ETag", best->etag);
  if (names_etag(r.header("if-none-match"), best->etag)) {
    out.status = 304;
    return out;
  }
  out.body = best->bytes;
  return out;
}

void static_files::serve_from(router& routes) const {
  routes.fallback([this](const request& r) -> awaitable<response> { co_return answer(r); });
}

}  // namespace agon::http
