#include "privacy/release/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "privacy/crypto/encoding.hpp"

namespace agon::release {
namespace {

constexpr std::size_t buffer_size = 256UL << 10;

}  // namespace

release_error storage_error(std::string_view what, const std::filesystem::path& path,
                            int error_number) {
  return {release_errc::storage, "", "",
          std::string("cannot ").append(what) + " " + path.string() + ": " +
              std::generic_category().message(error_number)};
}

unique_fd::~unique_fd() {
  if (fd_ >= 0) ::close(fd_);
}

unique_fd::unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

unique_fd& unique_fd::operator=(unique_fd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

int unique_fd::release() {
  return std::exchange(fd_, -1);
}

output_file::output_file(std::filesystem::path path, unique_fd fd)
    : path_(std::move(path)), fd_(std::move(fd)) {
  buffer_.reserve(buffer_size);
}

result<output_file> output_file::create(const std::filesystem::path& path) {
  constexpr mode_t readable_by_all = 0644;
  unique_fd fd(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, readable_by_all));
  if (!fd.is_open()) return storage_error("create", path, errno);
  return output_file(path, std::move(fd));
}

result<void> output_file::write(std::string_view bytes) {
  hash_.update(bytes);
  bytes_ += bytes.size();
  buffer_ += bytes;
  if (buffer_.size() >= buffer_size) return flush();
  return {};
}

result<void> output_file::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(fd_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return storage_error("write", path_, written < 0 ? errno : ENOSPC);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

result<void> output_file::close() {
  if (auto flushed = flush(); !flushed) return flushed;
  if (::fsync(fd_.get()) != 0) return storage_error("sync", path_, errno);
  if (::close(fd_.release()) != 0) return storage_error("close", path_, errno);
  return {};
}

std::string output_file::sha256_hex() {
  return crypto::to_hex(crypto::bytes_of(hash_.finish()));
}

result<void> sync_directory(const std::filesystem::path& path) {
  const unique_fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) return storage_error("sync", path, errno);
  return {};
}

}  // namespace agon::release
