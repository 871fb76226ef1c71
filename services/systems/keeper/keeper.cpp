// The keeper: a small static program between the server and one run of a command.
//
// It exists because a server with many threads may do almost nothing between fork and
// exec, and because killing "a process and its children" from outside is a guess: a
// child that calls setsid() leaves the process group, and one whose parent dies is
// adopted by init. The keeper is single-threaded and a subreaper, so every descendant of
// the command, however it detaches, stays a descendant of the keeper. It sets the limits,
// enforces the time, and does not exit before the last descendant is dead. If the server
// dies, the control socket closes and the keeper kills everything; if the keeper itself
// is killed, the command receives SIGKILL.
//
//   keeper timeout_ms grace_ms memory_bytes file_bytes cpu_s nice -- program argument...
//
// Standard input and output are the command's; descriptor 3 is the control socket.
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "services/systems/keeper/process_tree.hpp"
#include "services/systems/keeper/report.hpp"

namespace agon::systems::keeper {
namespace {

struct limits {
  std::int64_t timeout_us;
  std::int64_t grace_us;
  rlim_t memory;
  rlim_t file;
  rlim_t cpu;
  int nice;
};

std::int64_t now_us() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

void limit(__rlimit_resource what, rlim_t soft, rlim_t hard) {
  const rlimit value{soft, hard};
  setrlimit(what, &value);
}

// In the forked child: never returns.
[[noreturn]] void become(char** program, const limits& l, int error_output, int exec_failed,
                         pid_t keeper_pid) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper_pid) _exit(127);  // the keeper died before the line above
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe): one thread
  // A write past RLIMIT_FSIZE fails instead of killing: libraries that only try to make a
  // large shared-memory file (PulseAudio's, under espeak-ng) can go on without it.
  signal(SIGXFSZ, SIG_IGN);
  dup2(error_output, STDERR_FILENO);
  // Whoever runs out of memory, it shall not be the server.
  if (const int oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); oom >= 0) {
    [[maybe_unused]] const auto ignored = write(oom, "800", 3);
    close(oom);
  }
  if (setpriority(PRIO_PROCESS, 0, l.nice) != 0) errno = 0;
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, 256, 256);
  limit(RLIMIT_CPU, l.cpu, l.cpu + 1);
  limit(RLIMIT_FSIZE, l.file, l.file);
  if (l.memory != 0) limit(RLIMIT_AS, l.memory, l.memory);
  execvp(program[0], program);
  const int code = errno;
  [[maybe_unused]] const auto ignored = write(exec_failed, &code, sizeof code);
  _exit(127);
}

class run {
 public:
  run(char** program, const limits& l) : program_(program), limits_(l) {}

  // Returns when nothing of the command is alive any more.
  void to_the_end() {
    start();
    if (command_ > 0) watch();
    kill_the_rest();
    drain_errors();
    report_.wall_microseconds = static_cast<std::uint64_t>(ended_ - started_);
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    report_.cpu_microseconds =
        static_cast<std::uint64_t>((used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1'000'000 +
                                   used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    report_.max_rss_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
    send_report();
  }

 private:
  void start() {
    std::array<int, 2> errors{};
    std::array<int, 2> exec_failed{};
    started_ = ended_ = now_us();
    if (pipe2(errors.data(), O_CLOEXEC) != 0 || pipe2(exec_failed.data(), O_CLOEXEC) != 0) {
      report_.code = errno;
      return;
    }
    const pid_t self = getpid();
    command_ = fork();
    if (command_ == 0) become(program_, limits_, errors[1], exec_failed[1], self);
    if (command_ < 0) {
      report_.code = errno;
      return;
    }
    close(errors[1]);
    close(exec_failed[1]);
    errors_ = errors[0];
    fcntl(errors_, F_SETFL, O_NONBLOCK);
    int code = 0;  // the pipe closes with the exec
    if (read(exec_failed[0], &code, sizeof code) == sizeof code) exec_errno_ = code;
    close(exec_failed[0]);
  }

  void watch() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    std::int64_t deadline = started_ + limits_.timeout_us;
    while (!reap()) {
      const std::int64_t left = deadline - now_us();
      if (left <= 0) {
        if (report_.timed_out != 0 || limits_.grace_us == 0) {
          report_.timed_out = 1;
          break;
        }
        report_.timed_out = 1;
        kill(-command_, SIGTERM);
        deadline += limits_.grace_us;
        continue;
      }
      std::array<pollfd, 3> events{pollfd{signals, POLLIN, 0}, pollfd{control_fd, POLLIN, 0},
                                   pollfd{errors_, POLLIN, 0}};
      poll(events.data(), events.size(), static_cast<int>(left / 1000 + 1));
      if (events[0].revents != 0) {
        signalfd_siginfo info{};
        while (read(signals, &info, sizeof info) > 0) {
        }
      }
      if (events[1].revents != 0) break;  // the server gave up or is gone
      if (events[2].revents != 0) drain_errors();
    }
    close(signals);
  }

  // Collects whoever has died. True once the command itself has.
  bool reap() {
    siginfo_t info{};
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
      if (info.si_pid == command_ && !done_) note_end(info);
      waitpid(info.si_pid, nullptr, 0);
      info.si_pid = 0;
    }
    return done_;
  }

  void note_end(const siginfo_t& info) {
    // While its leader is a zombie the group's id cannot belong to anybody else.
    kill(-command_, SIGKILL);
    ended_ = now_us();
    done_ = true;
    report_.how = info.si_code == CLD_EXITED ? ending::exited : ending::signalled;
    report_.code = info.si_status;
    if (exec_errno_ != 0) {
      report_.how = ending::not_started;
      report_.code = exec_errno_;
    }
  }

  void kill_the_rest() {
    if (command_ > 0 && !done_) kill(-command_, SIGKILL);
    for (;;) {
      kill_children(getpid());
      siginfo_t info{};
      if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) != 0 && errno == ECHILD) break;
      reap();
    }
  }

  void drain_errors() {
    std::array<char, 4096> part{};
    // Bounded, so that a command that writes without end cannot keep us from the clock.
    for (int i = 0; i < 64; ++i) {
      const ssize_t got = errors_ < 0 ? 0 : read(errors_, part.data(), part.size());
      if (got == 0 && errors_ >= 0) {
        close(errors_);
        errors_ = -1;
      }
      if (got <= 0) return;
      report_.stderr_bytes += static_cast<std::uint64_t>(got);
      keep_tail(part.data(), static_cast<std::size_t>(got));
    }
  }

  void keep_tail(const char* bytes, std::size_t count) {
    const std::size_t room = tail_.size() - tail_size_;
    if (count > room) {
      const std::size_t drop = count - room;
      std::memmove(tail_.data(), tail_.data() + drop, tail_size_ - drop);
      tail_size_ -= drop;
    }
    std::memcpy(tail_.data() + tail_size_, bytes, count);
    tail_size_ += count;
  }

  void send_report() {
    report_.tail_size = tail_size_;
    std::array<char, sizeof(report) + tail_bytes> message{};
    std::memcpy(message.data(), &report_, sizeof report_);
    std::memcpy(message.data() + sizeof report_, tail_.data(), tail_size_);
    // Far less than a socket's buffer: neither blocks nor comes in parts.
    send(control_fd, message.data(), sizeof report_ + tail_size_, MSG_NOSIGNAL);
  }

  char** program_;
  limits limits_;
  pid_t command_ = -1;
  bool done_ = false;
  int errors_ = -1;
  int exec_errno_ = 0;
  std::int64_t started_ = 0;
  std::int64_t ended_ = 0;
  report report_{};
  std::array<char, tail_bytes> tail_{};
  std::size_t tail_size_ = 0;
};

}  // namespace
}  // namespace agon::systems::keeper

int main(int argc, char** argv) {
  using namespace agon::systems::keeper;
  if (argc < 9) return 2;
  const auto number = [&](int i) { return std::strtoull(argv[i], nullptr, 10); };
  const limits l{static_cast<std::int64_t>(number(1)) * 1000,
                 static_cast<std::int64_t>(number(2)) * 1000,
                 number(3),
                 number(4),
                 number(5),
                 static_cast<int>(number(6))};
  fcntl(control_fd, F_SETFD, FD_CLOEXEC);
  close_range(control_fd + 1, ~0U, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);  // NOLINT(concurrency-mt-unsafe): one thread
  run(argv + 8, l).to_the_end();
  return 0;
}
