// A server process that a fixture starts and may stop, kill or freeze.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace agon::test {

// The user that servers run as: PostgreSQL refuses root. Ourselves when we are not root.
struct server_user {
  uid_t uid = 0;
  gid_t gid = 0;
};
[[nodiscard]] server_user unprivileged_user();

// A folder under /tmp that the user owns, removed with all it holds at the end.
class temporary_folder {
 public:
  explicit temporary_folder(server_user owner);
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class child_process {
 public:
  // Starts argv[0] as `user`, its output appended to `log`. It is told to end (SIGQUIT)
  // when the thread that started it dies, so no crash of a test leaves a server behind.
  child_process(const std::vector<std::string>& argv, server_user user,
                const std::filesystem::path& log);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  void send(int signal) const;
  // Waits for the end and gives the exit code, or minus the signal.
  int wait();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

// Runs a command to its end; throws std::runtime_error, naming the log, if it fails.
void run_command(const std::vector<std::string>& argv, server_user user,
                 const std::filesystem::path& log);

}  // namespace agon::test
