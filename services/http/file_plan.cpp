#include "services/http/file_plan.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>

#include "services/core/log.hpp"
#include "services/http/conditional.hpp"
#include "services/http/problem.hpp"

namespace agon::http {
namespace {

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size();
}

struct validators {
  std::string etag;
  std::optional<std::chrono::sys_seconds> modified;  // absent for a file without a date
};

validators validators_of(const file_body& file, const struct stat& facts) {
  const auto nanoseconds = static_cast<std::uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000ULL +
                           static_cast<std::uint64_t>(facts.st_mtim.tv_nsec);
  validators out;
  out.etag =
      file.etag.empty() ? fmt::format("\"{:x}-{:x}\"", facts.st_size, nanoseconds) : file.etag;
  if (file.dated) out.modified.emplace(std::chrono::seconds(facts.st_mtim.tv_sec));
  return out;
}

bool unchanged(const request& r, const validators& now) {
  const std::string_view tags = r.header("if-none-match");
  if (!tags.empty()) return names_etag(tags, now.etag);
  const auto since = parse_http_date(r.header("if-modified-since"));
  return since && now.modified && *now.modified <= *since;
}

// If-Range asks for the range only if the file is still the same, strongly compared.
bool range_holds(const request& r, const validators& now) {
  const std::string_view condition = r.header("if-range");
  return condition.empty() || condition == now.etag ||
         (now.modified && parse_http_date(condition) == now.modified);
}

file_plan refuse(response with) {
  file_plan out;
  out.head = std::move(with);
  return out;
}

file_handle open_file(const std::filesystem::path& path, struct stat& facts) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open(2) is declared so
  file_handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      log::error("file_unreadable", {{"errno", static_cast<std::int64_t>(errno)}});
    return {};
  }
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  return file;
}

}  // namespace

file_handle::~file_handle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

range_outcome parse_range(std::string_view header, std::uint64_t size, byte_range& out) {
  constexpr std::string_view unit = "bytes=";
  if (header.substr(0, unit.size()) != unit) return range_outcome::ignored;
  const std::string_view range = header.substr(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos)
    return range_outcome::ignored;
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if ((!from.empty() && !read_number(from, first)) || (!to.empty() && !read_number(to, last)))
    return range_outcome::ignored;
  if (from.empty() && to.empty()) return range_outcome::ignored;
  if (from.empty()) {
    if (last == 0 || size == 0) return range_outcome::unsatisfiable;
    out = {size - std::min(last, size), size - 1};
    return range_outcome::satisfiable;
  }
  if (!to.empty() && last < first) return range_outcome::ignored;
  if (first >= size) return range_outcome::unsatisfiable;
  out = {first, to.empty() ? size - 1 : std::min(last, size - 1)};
  return range_outcome::satisfiable;
}

file_plan plan_file(const request& r, const response& made, const file_body& file) {
  struct stat facts {};
  file_plan plan;
  plan.file = open_file(file.path, facts);
  if (plan.file.get() < 0)
    return refuse(problem(fail(errc::not_found, "There is no such file."), r.request_id));
  const validators now = validators_of(file, facts);
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  plan.head.status = made.status;
  plan.head.content_type = made.content_type;
  plan.head.headers = made.headers;
  plan.head.set("ETag", now.etag);
  if (now.modified) plan.head.set("Last-Modified", http_date(*now.modified));
  plan.head.set("Accept-Ranges", "bytes");
  if (unchanged(r, now)) {
    plan.head.status = 304;
    plan.file = file_handle();
    return plan;
  }
  plan.length = size;
  const std::string_view asked = r.header("range");
  if (asked.empty() || r.verb != method::get || !range_holds(r, now)) return plan;
  byte_range range;
  switch (parse_range(asked, size, range)) {
    case range_outcome::ignored:
      return plan;
    case range_outcome::unsatisfiable:
      return refuse(protocol_problem(protocol_error::range_not_satisfiable,
                                     "The file is shorter than that.", r.request_id)
                        .set("Content-Range", fmt::format("bytes */{}", size)));
    case range_outcome::satisfiable:
      break;
  }
  plan.head.status = 206;
  plan.head.set("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.last, size));
  plan.offset = range.first;
  plan.length = range.last - range.first + 1;
  return plan;
}

}  // namespace agon::http
