#include "services/systems/scratch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace agon::systems {
namespace {

class descriptor {
 public:
  explicit descriptor(int value) : value_(value) {}
  ~descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

std::optional<std::uint64_t> plain_size(const struct stat& s) {
  if (!S_ISREG(s.st_mode) || s.st_nlink != 1) return std::nullopt;
  return static_cast<std::uint64_t>(s.st_size);
}

}  // namespace

std::optional<work_folder> work_folder::make(std::filesystem::path path) {
  if (::mkdir(path.c_str(), 0700) != 0) return std::nullopt;
  return work_folder(std::move(path));
}

work_folder::~work_folder() {
  std::error_code ignored;  // what cannot be removed goes with the caller's folder
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

bool write_file(const std::filesystem::path& file, std::string_view bytes) {
  const descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  while (out.get() >= 0 && !bytes.empty()) {
    const ssize_t written = ::write(out.get(), bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return out.get() >= 0;
}

std::optional<std::string> read_file(const std::filesystem::path& file, std::uint64_t largest) {
  // O_NONBLOCK: a named pipe must not keep us waiting; fstat refuses it below.
  const descriptor in(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat s {};
  if (in.get() < 0 || ::fstat(in.get(), &s) != 0) return std::nullopt;
  const auto size = plain_size(s);
  if (!size || *size > largest) return std::nullopt;
  std::string bytes(*size, '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::read(in.get(), bytes.data() + at, bytes.size() - at);
    if (got <= 0) return std::nullopt;
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::optional<std::uint64_t> plain_file_size(const std::filesystem::path& file) {
  struct stat s {};
  if (::lstat(file.c_str(), &s) != 0) return std::nullopt;
  return plain_size(s);
}

}  // namespace agon::systems
