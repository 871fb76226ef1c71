// Use case: rows → privacy → a partition on disk, its sealing, and what becomes of it then.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/releases/privacy_ledger.hpp"
#include "services/releases/release_store.hpp"

namespace agon::release {
struct release_policy;
}

namespace agon::releases {

struct built_partition {
  std::string name;
  std::filesystem::path directory;
  std::int64_t votes = 0;
  std::int64_t bytes = 0;
  int revision = 0;
  std::string report;  // PRIVACY_REPORT.md
};

struct build_request {
  std::string arena;
  std::string partition;                  // empty: the open one, or else today
  std::optional<time_point> cast_before;  // for a new one; none: the cool-off ago
  bool dry_run = false;                   // write nothing, spend nothing, tell the report
  std::function<void(std::int64_t)> progress = [](std::int64_t) {};  // battles read
};

struct release_settings {
  std::filesystem::path root;
  std::filesystem::path key_file;  // minisign's secret key; empty: releases are not signed
  std::string url;                 // of the data page, for the documents; may be empty
};

class build_release {
 public:
  build_release(release_store& store, privacy_ledger& ledger, clock_source& clock,
                crypto::random_source& random, release_settings settings)
      : store_(store),
        ledger_(ledger),
        clock_(clock),
        random_(random),
        settings_(std::move(settings)) {}

  // Writes the arena's open partition as a draft, <root>/<arena>/drafts/<partition>, and
  // opens one if there is none: named as asked, or for today. Building an open partition
  // again gives the same bytes, as long as nobody withdraws; its counts with noise are paid
  // for once, before their noise is drawn.
  //   not_found      no such arena, or no votes old enough to be released
  //   conflict       another release is running, another partition is open, or sealed
  //   invalid_input  the name
  //   internal       a check of the release refused it: the detail names the check
  [[nodiscard]] result<built_partition> build(const build_request& wanted);

  // Builds the draft once more, without what was withdrawn or erased since it was built; signs
  // and verifies it, moves it to <root>/<arena>/<partition>, from where it is published, and
  // destroys its key. Cannot be undone. May be called again after a crash in between. `built_now`:
  // the caller has built it a moment ago.
  [[nodiscard]] result<built_partition> seal(const std::string& arena, bool built_now = false);

  // Publishes the sealed partition again without the rows that were withdrawn since, under a
  // new key. conflict while fewer people than the arena file's release.withdrawals wait, as
  // what is missing would point at them, unless `at_once`; not_found if nobody does.
  [[nodiscard]] result<built_partition> revise(const std::string& arena,
                                               const std::string& partition, bool at_once);

  // Takes a sealed partition back for good: its files go, a tombstone with the reason stays.
  [[nodiscard]] result<void> retract(const std::string& arena, const std::string& partition,
                                     const std::string& reason);

  // What is due by the arena's schedule and its withdrawals; what was done, one line each.
  // conflict if another release is running.
  [[nodiscard]] result<std::vector<std::string>> keep_schedule(const std::string& arena);

 private:
  struct opened {
    partition p;
    bool is_new = false;
  };
  [[nodiscard]] std::filesystem::path draft(const std::string& arena,
                                            const std::string& partition) const;
  [[nodiscard]] result<release_store::arena_row> begin(const std::string& arena);
  [[nodiscard]] result<opened> open(const release_store::arena_row& arena,
                                    const build_request& wanted);
  [[nodiscard]] result<void> sign(const std::filesystem::path& folder, std::string& public_key);
  [[nodiscard]] result<void> verify(const std::filesystem::path& folder,
                                    const std::string& public_key,
                                    const std::filesystem::path& other) const;
  [[nodiscard]] std::string pay(int arena, const partition& p,
                                const release::release_policy& policy, double rho_per_year);
  void sweep(const release_store::arena_row& arena);

  release_store& store_;
  privacy_ledger& ledger_;
  clock_source& clock_;
  crypto::random_source& random_;
  release_settings settings_;
};

}  // namespace agon::releases
