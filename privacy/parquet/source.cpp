#include "privacy/parquet/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace agon::parquet {
namespace {

class descriptor_source final : public byte_source {
 public:
  descriptor_source(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  ~descriptor_source() override { ::close(fd_); }
  descriptor_source(const descriptor_source&) = delete;
  descriptor_source& operator=(const descriptor_source&) = delete;

  std::uint64_t size() const override { return size_; }

  result<void> read(std::uint64_t offset, std::span<char> into) override {
    while (!into.empty()) {
      const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return parquet_error{"the file cannot be read"};
      into = into.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
    return {};
  }

 private:
  int fd_;
  std::uint64_t size_;
};

class memory_source final : public byte_source {
 public:
  explicit memory_source(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  result<void> read(std::uint64_t offset, std::span<char> into) override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset)
      return parquet_error{"the file is cut off"};
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
    return {};
  }

 private:
  std::string bytes_;
};

}  // namespace

void throw_exception_from_error(const parquet_error& e, const boost::source_location&) {
  throw std::runtime_error(e.message);
}

result<std::unique_ptr<byte_source>> take_descriptor(int fd) {
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(fd);
    return parquet_error{"not a regular file"};
  }
  return std::unique_ptr<byte_source>(
      std::make_unique<descriptor_source>(fd, static_cast<std::uint64_t>(facts.st_size)));
}

result<std::unique_ptr<byte_source>> open_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return parquet_error{"cannot open " + path.string() + ": " +
                         std::generic_category().message(errno)};
  return take_descriptor(fd);
}

std::unique_ptr<byte_source> in_memory(std::string bytes) {
  return std::make_unique<memory_source>(std::move(bytes));
}

}  // namespace agon::parquet
