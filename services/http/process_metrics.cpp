#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>

#include "services/http/operational_routes.hpp"

namespace agon::http {
namespace {

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  in >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
       at.increment(error))
    ++count;
  return count;
}

}  // namespace

void add_process_metrics(metrics::registry& registry) {
  const auto memory =
      registry.make_gauge("process_resident_memory_bytes", "Resident memory in bytes");
  const auto processor =
      registry.make_gauge("process_cpu_seconds", "User and system time of the process");
  const auto files = registry.make_gauge("process_open_fds", "Open file descriptors");
  const auto started = registry.make_gauge("process_start_time_seconds",
                                           "When the process started, in seconds since 1970");
  started.set(
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
  registry.before_scrape([memory, processor, files] {
    memory.set(resident_bytes());
    processor.set(processor_seconds());
    files.set(open_files());
  });
}

}  // namespace agon::http
