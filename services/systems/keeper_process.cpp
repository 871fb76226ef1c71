#include "services/systems/keeper_process.hpp"

#include <fcntl.h>
#include <linux/memfd.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h>  // glibc 2.36 declares it without C linkage
}

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <string_view>

#include "services/systems/keeper/report.hpp"
#include "services/systems/keeper_image.hpp"

namespace agon::systems {
namespace {

// A descriptor of the keeper's program. It lives as long as the server: a constant, not a state.
int keeper_file() {
  static const int file = [] {
    constexpr unsigned executable = 0x10;  // MFD_EXEC, unknown before Linux 6.3
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int made = memfd_create("agon-keeper", flags | executable);
    if (made < 0) made = memfd_create("agon-keeper", flags);
    std::string_view left = keeper_image();
    while (made >= 0 && !left.empty()) {
      const ssize_t written = ::write(made, left.data(), left.size());
      if (written <= 0) return -1;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    ::fcntl(made, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
    return made;
  }();
  return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> arguments(const process_spec& spec) {
  std::vector<std::string> all{"agon-keeper",
                               std::to_string(spec.timeout.count()),
                               std::to_string(spec.grace.count()),
                               std::to_string(spec.memory_bytes),
                               std::to_string(spec.file_bytes),
                               std::to_string(spec.cpu.count()),
                               std::to_string(spec.nice),
                               "--"};
  all.insert(all.end(), spec.argv.begin(), spec.argv.end());
  return all;
}

struct spawn_plan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  spawn_plan(const process_spec& spec, int control) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, spec.input.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, spec.output.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, control, keeper::control_fd);
    posix_spawn_file_actions_addchdir_np(&files, spec.folder.c_str());
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(
        &attributes,
        static_cast<short>(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
};

}  // namespace

bool keeper_process::start(const process_spec& spec, int control) {
  const int program = keeper_file();
  // Above the descriptors that the child rearranges.
  const int above = ::fcntl(control, F_DUPFD_CLOEXEC, keeper::control_fd + 1);
  if (program < 0 || above < 0) return false;
  std::vector<std::string> argument_texts = arguments(spec);
  std::vector<std::string> environment_texts = spec.environment;
  const auto argv = pointers(argument_texts);
  const auto environment = pointers(environment_texts);
  const std::string path = "/proc/self/fd/" + std::to_string(program);
  const spawn_plan plan(spec, above);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, path.c_str(), &plan.files, &plan.attributes, argv.data(),
                                 environment.data());
  ::close(above);
  if (failed != 0) return false;
  const int pidfd = pidfd_open(pid, 0);
  if (pidfd < 0) {
    ::kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return false;
  }
  pidfd_.assign(pidfd);
  running_ = true;
  return true;
}

void keeper_process::kill() {
  if (running_) pidfd_send_signal(pidfd_.native_handle(), SIGKILL, nullptr, 0);
}

awaitable<> keeper_process::wait() {
  while (running_) {
    co_await pidfd_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                               boost::asio::as_tuple(boost::asio::use_awaitable));
    collect(WNOHANG);
  }
}

void keeper_process::collect(int flags) {
  siginfo_t info{};
  const auto fd = static_cast<id_t>(pidfd_.native_handle());
  if (waitid(P_PIDFD, fd, &info, WEXITED | flags) != 0 || info.si_pid != 0) running_ = false;
}

keeper_process::~keeper_process() {
  if (!running_) return;
  // Its control socket is closed by now, so it is killing; killing it at once would let
  // descendants that left the command's session go free.
  pollfd exited{pidfd_.native_handle(), POLLIN, 0};
  if (poll(&exited, 1, 2000) != 1) kill();
  collect(0);
}

}  // namespace agon::systems
