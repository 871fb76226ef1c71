#include "services/core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>

#include "services/core/clock.hpp"

namespace agon::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("agon");
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

constexpr spdlog::level::level_enum spdlog_level(level l) {
  switch (l) {
    case level::debug:
      return spdlog::level::debug;
    case level::info:
      return spdlog::level::info;
    case level::warn:
      return spdlog::level::warn;
    case level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

constexpr std::string_view name_of(level l) {
  switch (l) {
    case level::debug:
      return "debug";
    case level::info:
      return "info";
    case level::warn:
      return "warn";
    case level::error:
      return "error";
  }
  return "info";
}

}  // namespace

void set_level(level least) {
  logger().set_level(spdlog_level(least));
}

bool parse_level(std::string_view name, level& out) {
  for (const level l : {level::debug, level::info, level::warn, level::error}) {
    if (name == name_of(l)) {
      out = l;
      return true;
    }
  }
  return false;
}

void write(level l, std::string_view event, std::initializer_list<field> fields) {
  if (!logger().should_log(spdlog_level(l))) return;
  nlohmann::ordered_json line;
  line["time"] = to_rfc3339(system_clock_source{}.now());
  line["level"] = name_of(l);
  line["event"] = event;
  for (const field& f : fields)
    std::visit([&](const auto& v) { line[std::string(f.key)] = v; }, f.value);
  logger().log(spdlog_level(l),
               line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace agon::log
