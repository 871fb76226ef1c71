#include "services/systems/keeper/process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace agon::systems::keeper {
namespace {

// The fourth field of /proc/<pid>/stat; the second is in parentheses and may hold anything.
pid_t parent_of(const char* pid) {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%.20s/stat", pid);
  const int file = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  std::array<char, 512> text{};
  const ssize_t size = read(file, text.data(), text.size() - 1);
  close(file);
  if (size <= 0) return -1;
  const char* after_name = std::strrchr(text.data(), ')');
  if (after_name == nullptr || std::strlen(after_name) < 5) return -1;
  return static_cast<pid_t>(std::strtol(after_name + 4, nullptr, 10));  // ") S <parent>"
}

}  // namespace

void kill_children(pid_t parent) {
  DIR* all = opendir("/proc");
  if (all == nullptr) return;
  while (const dirent* entry = readdir(all)) {  // NOLINT(concurrency-mt-unsafe): one thread
    const auto pid = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
    if (pid > 0 && parent_of(entry->d_name) == parent) kill(pid, SIGKILL);
  }
  closedir(all);
}

}  // namespace agon::systems::keeper
