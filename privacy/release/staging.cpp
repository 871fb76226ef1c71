#include "privacy/release/staging.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "privacy/crypto/encoding.hpp"
#include "privacy/release/file_io.hpp"

namespace agon::release {
namespace {

constexpr mode_t ours_alone = 0700;
constexpr mode_t readable_by_all = 0755;

release_error sealed(const std::filesystem::path& target) {
  return {release_errc::already_sealed, "", "",
          target.string() + " exists; a sealed partition is never overwritten"};
}

}  // namespace

staging_directory::staging_directory(std::filesystem::path target, std::filesystem::path path)
    : target_(std::move(target)), path_(std::move(path)) {}

staging_directory::staging_directory(staging_directory&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})) {}

staging_directory::~staging_directory() {
  std::error_code ignored;  // nothing better can be done while something else fails
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

result<staging_directory> staging_directory::make(const std::filesystem::path& target,
                                                  crypto::random_source& random) {
  std::error_code e;
  const std::filesystem::path whole = std::filesystem::absolute(target, e).lexically_normal();
  const std::filesystem::path clean = whole.has_filename() ? whole : whole.parent_path();
  if (std::filesystem::exists(std::filesystem::symlink_status(clean, e))) return sealed(clean);
  std::filesystem::create_directories(clean.parent_path(), e);
  if (e) return storage_error("make", clean.parent_path(), e.value());

  const std::string name = "." + clean.filename().string() + ".building-";
  std::filesystem::path path = clean.parent_path() / (name + crypto::to_hex(random.bytes(8)));
  if (::mkdir(path.c_str(), ours_alone) != 0) return storage_error("make", path, errno);
  staging_directory staging(clean, path);
  for (const char* part : {"data", "runs"})
    if (::mkdir((path / part).c_str(), ours_alone) != 0)
      return storage_error("make", path / part, errno);
  return staging;
}

result<void> staging_directory::remove_runs() {
  std::error_code e;
  std::filesystem::remove_all(runs(), e);
  if (e) return storage_error("remove", runs(), e.value());
  return {};
}

result<void> staging_directory::publish() {
  for (const std::filesystem::path& p : {path_ / "data", path_}) {
    if (::chmod(p.c_str(), readable_by_all) != 0) return storage_error("open to readers", p, errno);
    if (auto synced = sync_directory(p); !synced) return synced;
  }
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY) return sealed(target_);
    return storage_error("rename into place", target_, errno);
  }
  path_.clear();
  return sync_directory(target_.parent_path());
}

}  // namespace agon::release
