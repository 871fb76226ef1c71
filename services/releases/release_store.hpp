// What a release is made of and what is known of it. Implemented in
// services/store/postgres, under the role agon_release, which cannot read personal data.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"

namespace agon::releases {

enum class partition_state { open, sealed, retracted };

struct partition {
  int arena = 0;
  std::string name;
  std::uint64_t from_txid = 0;
  std::uint64_t to_txid = 0;
  std::string created_day;  // "2026-11-24"
  std::string key;          // 32 bytes while open
  partition_state state = partition_state::open;
  std::string policy;  // canonical JSON
  std::optional<time_point> sealed_at;
  std::int64_t votes = 0;
  std::int64_t bytes = 0;
  std::string manifest_sha256;  // hexadecimal
  std::string files;            // canonical JSON
  int revision = 0;
  std::string folder;            // in the arena's folder; empty: the name
  std::int64_t people = 0;       // whose votes the newest revision holds
  std::int64_t people_text = 0;  // and whose prompts or comments
  std::string public_key;        // minisign's, one line; empty: unsigned
  std::optional<time_point> revised_at;
  std::optional<time_point> retracted_at;
  std::string retraction;  // why

  [[nodiscard]] const std::string& folder_name() const { return folder.empty() ? name : folder; }
};

// Whose votes and texts may be published now, of a partition's time.
struct release_census {
  std::int64_t people = 0;
  std::int64_t people_text = 0;
  std::int64_t votes = 0;
};

struct released_output {
  int slot = 0;
  int attempt = 0;
  int system = 0;
  std::string status;
  std::string media_sha256;  // hexadecimal, empty if none
  double seconds = 0;
  double generation_seconds = 0;
  std::optional<double> loudness_lufs;
};

struct released_comment {
  std::string question;
  std::string body;  // canonical JSON of the judgment
  std::string day;
};

// One judged battle with all that may be released of it.
struct released_battle {
  std::string battle;  // raw id: becomes a pseudonym
  std::string day;
  int protocol_version = 0;
  std::string prompt;  // empty unless publish_text
  std::string language;
  std::vector<int> systems;  // slot A first
  std::vector<double> heard_seconds;
  std::vector<double> generation_seconds;
  std::string winner;
  double sampling_probability = 0;
  std::string participant;    // raw id: bounds what one person moves in the counts
  bool publish = false;       // the vote and its outputs may be published
  bool publish_text = false;  // and so may prompt and comments
  std::vector<released_output> outputs;
  std::vector<released_comment> comments;
};

// Blocking; used by `agon release`, which does one thing at a time. Throws
// std::runtime_error when PostgreSQL is away.
class release_store {
 public:
  virtual ~release_store() = default;
  // False if another release is running.
  [[nodiscard]] virtual bool lock() = 0;
  struct arena_row {
    int id = 0;
    std::string slug;
    std::string source;                                // YAML
    std::string created_day;                           // "2026-11-24"
    std::vector<std::pair<int, std::string>> systems;  // id → slug
  };
  [[nodiscard]] virtual std::vector<std::string> arena_slugs() = 0;
  [[nodiscard]] virtual std::optional<arena_row> find_arena(const std::string& slug) = 0;
  [[nodiscard]] virtual std::optional<partition> open_partition(int arena) = 0;
  [[nodiscard]] virtual std::optional<partition> find(int arena, const std::string& name) = 0;
  [[nodiscard]] virtual std::vector<partition> list(int arena) = 0;
  // Keeps a new open partition that starts where the last one ended and ends at the
  // newest transaction all of whose votes were cast before `cast_before`.
  virtual partition open(int arena, std::string name, std::string key, std::string policy,
                         std::string created_day, time_point cast_before) = 0;
  // Streams judged battles of [from, to), in order of battle id, memory bounded: those whose
  // participants let them be counted, with what else they agreed to then and have not declined
  // since.
  virtual void read(const partition& p,
                    const std::function<void(const released_battle&)>& each) = 0;
  [[nodiscard]] virtual release_census census(const partition& p) = 0;
  // Every column of the tables that a release reads, as "battle.prompt".
  [[nodiscard]] virtual std::vector<std::string> source_columns() = 0;
  // Forgets an open partition, so that the next one covers its range.
  virtual void discard(const partition& p) = 0;
  // Destroys the key.
  virtual void seal(const partition& p) = 0;
  // Puts p.revision in force, whose folder and files are in place.
  virtual void revise(const partition& p) = 0;
  // For good: no file of it is served from here on.
  virtual void retract(const partition& p) = 0;
};

// What the server lists. Implemented beside the above, under agon_serve.
class release_list {
 public:
  virtual ~release_list() = default;
  // Sealed and retracted partitions, newest first.
  [[nodiscard]] virtual awaitable<result<std::vector<partition>>> published(int arena) = 0;
};

}  // namespace agon::releases
