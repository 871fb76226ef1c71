// A line is taken exactly if nlohmann::json takes it as an object, apart from what is told
// below, and the texts of its members are the same.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tests/unit/files/rows_of.hpp"

namespace {

using agon::files::cell_kind;

// Whether we may refuse what the other takes: nested too deeply, or a member twice.
bool may_refuse(const std::string& error) {
  return error.find("nested too deeply") != std::string::npos ||
         error.find("twice") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string line(reinterpret_cast<const char*>(data), size);
  if (line.find('\n') != std::string::npos) return 0;
  if (line.find_first_not_of('\r') == std::string::npos) return 0;
  if (line.starts_with("\xEF\xBB\xBF")) return 0;  // which the other passes over
  // A record before it, so that this one is not looked at as the first.
  const std::string text = "{\"a\":\"\"}\n" + line;
  const auto got =
      agon::files::testing::rows_of(text, agon::files::file_format::json_lines, {"a", "b.c"});
  const auto other = nlohmann::json::parse(line, nullptr, false);
  const bool taken = !other.is_discarded() && other.is_object();
  if (taken && !got.error.empty() && !may_refuse(got.error)) std::abort();
  // The other refuses numbers beyond a double, 1e999.
  if (!taken && got.error.empty() && line.find_first_of("0123456789") == std::string::npos)
    std::abort();
  if (!taken || !got.error.empty()) return 0;
  const auto a = other.find("a");
  const bool text_expected = a != other.end() && a->is_string();
  if ((got.kinds.at(1)[0] == cell_kind::text) != text_expected) std::abort();
  if (text_expected && got.cells.at(1)[0] != a->get<std::string>()) std::abort();
  return 0;
}
