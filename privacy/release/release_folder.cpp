#include "privacy/release/release_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "privacy/crypto/encoding.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/signature.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"

namespace agon::release {
namespace {

constexpr std::string_view data_prefix = "data/";

release_error refused(std::string sentence) {
  return {release_errc::check_failed, "", "", std::move(sentence)};
}

// A name may hold anything; only what is harmless on a terminal is told.
std::string shown(std::string_view name) {
  std::string out = "\"";
  for (const char c : name.substr(0, 100)) out += c >= ' ' && c <= '~' && c != '"' ? c : '?';
  return out + "\"";
}

// "votes-00000.jsonl.zst" or "votes-00000.parquet" for a table of ours.
bool is_data_name(std::string_view name) {
  const std::string_view ending = name.ends_with(parquet_ending) ? parquet_ending : lines_ending;
  constexpr std::size_t digits = 5;
  return std::any_of(tables().begin(), tables().end(), [&](const table_schema& t) {
    if (name.size() != t.name.size() + 1 + digits + ending.size()) return false;
    const std::string_view number = name.substr(t.name.size() + 1, digits);
    return name.substr(0, t.name.size()) == t.name && name[t.name.size()] == '-' &&
           std::all_of(number.begin(), number.end(), pii::is_digit) &&
           name.substr(name.size() - ending.size()) == ending;
  });
}

bool is_expected(const std::string& path) {
  if (path.substr(0, data_prefix.size()) == data_prefix)
    return is_data_name(std::string_view(path).substr(data_prefix.size()));
  static const std::set<std::string, std::less<>> others = [] {
    std::set<std::string, std::less<>> all = {"manifest.json", "SHA256SUMS",
                                              std::string(preview_path)};
    for (const std::string_view signed_file : signed_files)
      all.insert(std::string(signed_file).append(signature_ending));
    for (const document& d : documents({})) all.insert(d.path);
    return all;
  }();
  return others.contains(path);
}

}  // namespace

release_folder::release_folder(unique_fd root, unique_fd data)
    : root_(std::move(root)), data_(std::move(data)) {}

result<release_folder> release_folder::open(const std::filesystem::path& directory,
                                            const verify_limits& limits) {
  unique_fd root(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open()) return storage_error("open", directory, errno);
  unique_fd data(::openat(root.get(), "data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!data.is_open()) return refused("there is no folder \"data\"");
  release_folder folder(std::move(root), std::move(data));
  if (auto listed = folder.list(folder.root_.get(), "", limits); !listed) return listed.error();
  if (auto listed = folder.list(folder.data_.get(), std::string(data_prefix), limits); !listed)
    return listed.error();
  for (const std::string_view needed :
       {std::string_view("manifest.json"), std::string_view("SHA256SUMS"), preview_path})
    if (!folder.has(needed)) return refused(std::string("there is no file ").append(needed));
  for (const document& d : documents({}))
    if (!folder.has(d.path)) return refused("there is no file " + d.path);
  return folder;
}

result<void> release_folder::list(int fd, const std::string& prefix, const verify_limits& limits) {
  // A fresh descriptor: closedir() closes the one it is given.
  unique_fd again(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(again.get()), ::closedir);
  if (!dir) return storage_error("list", prefix, errno);
  static_cast<void>(again.release());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is ours alone
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = prefix + name;
    struct stat s {};
    if (::fstatat(fd, name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0)
      return storage_error("look at", path, errno);
    if (path == "data" && S_ISDIR(s.st_mode)) continue;
    if (S_ISLNK(s.st_mode)) return refused(shown(path) + " is a symbolic link");
    if (!S_ISREG(s.st_mode)) return refused(shown(path) + " is not a regular file");
    if (!is_expected(path)) return refused(shown(path) + " does not belong to a release");
    const auto size = static_cast<std::uint64_t>(s.st_size);
    if (size > limits.file_bytes) return refused(shown(path) + " is larger than the limit");
    files_.emplace(path, size);
    if (files_.size() > limits.files) return refused("there are more files than the limit");
  }
  return {};
}

result<unique_fd> release_folder::open_file(const std::string& path) const {
  const bool in_data = path.substr(0, data_prefix.size()) == data_prefix;
  const std::string name = in_data ? path.substr(data_prefix.size()) : path;
  if (!has(path)) return refused(shown(path) + " is not there");
  unique_fd fd(::openat((in_data ? data_ : root_).get(), name.c_str(),
                        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat s {};
  if (!fd.is_open() || ::fstat(fd.get(), &s) != 0) return storage_error("open", path, errno);
  if (!S_ISREG(s.st_mode)) return refused(shown(path) + " is not a regular file");
  return fd;
}

namespace {

using piece_taker = std::function<bool(std::string_view)>;  // false to stop

result<void> read_pieces(int fd, const std::string& path, const piece_taker& take) {
  std::string buffer(256UL << 10, '\0');
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return storage_error("read", path, errno);
    if (got == 0 || !take(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))))
      return {};
  }
}

}  // namespace

result<std::string> release_folder::read_text(const std::string& path, std::size_t limit) const {
  auto fd = open_file(path);
  if (!fd) return fd.error();
  std::string text;
  auto done = read_pieces(fd->get(), path, [&](std::string_view piece) {
    text += piece;
    return text.size() <= limit;
  });
  if (!done) return done.error();
  if (text.size() > limit) return refused(path + " is larger than the limit");
  return text;
}

result<std::string> release_folder::hash(const std::string& path) const {
  auto fd = open_file(path);
  if (!fd) return fd.error();
  crypto::sha256_stream stream;
  auto done = read_pieces(fd->get(), path, [&](std::string_view piece) {
    stream.update(piece);
    return true;
  });
  if (!done) return done.error();
  return crypto::to_hex(crypto::bytes_of(stream.finish()));
}

}  // namespace agon::release
