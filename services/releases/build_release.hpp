// Use case: rows → privacy → a partition on disk; and its sealing.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "privacy/crypto/random.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/releases/release_store.hpp"

namespace agon::releases {

struct built_partition {
  std::string name;
  std::filesystem::path directory;
  std::int64_t votes = 0;
  std::int64_t bytes = 0;
  bool sealed = false;
};

class build_release {
 public:
  build_release(release_store& store, clock_source& clock, crypto::random_source& random,
                std::filesystem::path root)
      : store_(store), clock_(clock), random_(random), root_(std::move(root)) {}

  // Writes the arena's open partition as a draft, <root>/<arena>/drafts/<partition>, and
  // opens one if there is none: named `partition`, or for today. Building an open
  // partition again gives the same bytes. Calls `progress` now and then with the number
  // of battles read.
  //   not_found      no such arena, or no votes old enough to be released
  //   conflict       another release is running, another partition is open, or sealed
  //   invalid_input  the name
  //   internal       a check of the release refused it: the detail names the check
  [[nodiscard]] result<built_partition> build(const std::string& arena, std::string partition,
                                              const std::function<void(std::int64_t)>& progress);

  // Moves the draft to <root>/<arena>/<partition>, from where it is published, and
  // destroys its key. Cannot be undone. May be called again after a crash in between.
  [[nodiscard]] result<built_partition> seal(const std::string& arena);

 private:
  std::filesystem::path draft(const std::string& arena, const std::string& partition) const;

  release_store& store_;
  clock_source& clock_;
  crypto::random_source& random_;
  std::filesystem::path root_;
};

}  // namespace agon::releases
