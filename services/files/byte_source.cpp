#include "services/files/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace agon::files {
namespace {

std::string system_reason() {
  return std::generic_category().message(errno);
}

class descriptor_source final : public byte_source {
 public:
  descriptor_source(int descriptor, bool owned, std::optional<std::uint64_t> size)
      : descriptor_(descriptor), owned_(owned), size_(size) {}
  ~descriptor_source() override {
    if (owned_) ::close(descriptor_);
  }
  descriptor_source(const descriptor_source&) = delete;
  descriptor_source& operator=(const descriptor_source&) = delete;

  checked<std::size_t> read(std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t n = ::read(descriptor_, into.data() + done, into.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_error{"cannot be read: " + system_reason()};
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }
  std::optional<std::uint64_t> size() const override { return size_; }

 private:
  int descriptor_;
  bool owned_;
  std::optional<std::uint64_t> size_;
};

class text_source final : public byte_source {
 public:
  explicit text_source(std::string_view text) : rest_(text), size_(text.size()) {}
  checked<std::size_t> read(std::span<char> into) override {
    const std::size_t n = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), n, into.data());
    rest_.remove_prefix(n);
    return n;
  }
  std::optional<std::uint64_t> size() const override { return size_; }

 private:
  std::string_view rest_;
  std::size_t size_;
};

}  // namespace

checked<std::unique_ptr<byte_source>> open_bytes(const std::string& path) {
  const bool input = path == "-";
  const int descriptor = input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return file_error{"cannot be opened: " + system_reason()};
  struct stat about {};
  std::optional<std::uint64_t> size;
  const bool known = ::fstat(descriptor, &about) == 0;
  if (known && S_ISREG(about.st_mode)) size = static_cast<std::uint64_t>(about.st_size);
  auto source = std::make_unique<descriptor_source>(descriptor, !input, size);
  if (known && S_ISDIR(about.st_mode)) return file_error{"is a folder"};
  return std::unique_ptr<byte_source>(std::move(source));
}

std::unique_ptr<byte_source> bytes_of_text(std::string_view text) {
  return std::make_unique<text_source>(text);
}

}  // namespace agon::files
