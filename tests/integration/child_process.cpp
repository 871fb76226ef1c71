#include "tests/integration/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace agon::test {

server_user unprivileged_user() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* user = getpwnam(name)) return {user->pw_uid, user->pw_gid};
  throw std::runtime_error("neither a user postgres nor nobody to run servers as");
}

temporary_folder::temporary_folder(server_user owner) {
  std::string name = "/tmp/agon-test-XXXXXX";  // short: sockets' paths have 107 bytes
  if (mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "mkdtemp");
  path_ = name;
  if (chown(name.c_str(), owner.uid, owner.gid) != 0)
    throw std::system_error(errno, std::generic_category(), "chown");
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

child_process::child_process(const std::vector<std::string>& argv, server_user user,
                             const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const std::string& a : argv) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  const std::string log_name = log.string();
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ > 0) return;
  // Only calls that are safe in the child of a program with threads.
  if (geteuid() == 0 &&
      (setgroups(0, nullptr) != 0 || setgid(user.gid) != 0 || setuid(user.uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(125);
  const int file = open(log_name.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(file, 1);
  dup2(file, 2);
  if (chdir("/tmp") != 0) _exit(124);
  execv(arguments[0], arguments.data());
  _exit(127);
}

child_process::~child_process() {
  if (pid_ <= 0) return;
  send(SIGKILL);
  wait();
}

void child_process::send(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

int child_process::wait() {
  if (pid_ <= 0) return 0;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void run_command(const std::vector<std::string>& argv, server_user user,
                 const std::filesystem::path& log) {
  child_process child(argv, user, log);
  if (const int code = child.wait(); code != 0)
    throw std::runtime_error(argv[0] + " ended with " + std::to_string(code) + ", see " +
                             log.string());
}

}  // namespace agon::test
