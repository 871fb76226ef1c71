// Where imported votes are kept. Implemented in services/store/postgres. Blocking: an import is a
// job that does one thing at a time. Functions throw std::runtime_error, in words for the
// operator, when PostgreSQL is away or refuses; what was written before stays.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/arena/arena.hpp"
#include "services/core/clock.hpp"
#include "services/core/id.hpp"
#include "services/feedback/judgment.hpp"

namespace agon::imports {

// An arena that holds imported votes, and one source of them.
struct known_import {
  int arena = 0;
  int arena_version = 0;
  int protocol_version = 0;
  std::string licence;
  std::string consent_sha256;          // hexadecimal
  std::string salt;                    // 32 random bytes: ids and pseudonyms are keyed by it
  time_point began_at;                 // of the source's first import: the time of undated votes
  std::map<std::string, int> systems;  // ids by slug
  std::map<std::string, std::string> slugs;  // by the system's name
};

enum class arena_use { free, imported, live };

struct found_import {
  arena_use use = arena_use::free;           // of the slug
  std::string licence;                       // of an imported arena
  std::map<std::string, std::string> slugs;  // its systems: slug by name
  std::optional<known_import> source;        // if this source was imported into it before
};

struct imported_output {
  int slot = 0;
  int turn = 0;
  output_id id;
  std::string text;
  bool cut_off = false;
};

struct imported_battle {
  battle_id id;
  participant_id participant;
  time_point at;
  int systems[2] = {0, 0};
  std::string prompt;
  bool recorded_prompt = false;
  std::string language;
  std::string request;   // canonical JSON
  std::string sampling;  // the same: which source and row
  double generation_seconds[2] = {0, 0};
  double heard_seconds[2] = {0, 0};
  std::vector<imported_output> outputs;
  std::vector<feedback::judgment> judgments;  // the vote first
};

struct import_terms {
  std::string source;
  std::string format;
  std::string licence;
  std::string judges = "human";  // human, model, simulated
  std::vector<std::string> purposes;
};

class import_store {
 public:
  virtual ~import_store() = default;

  [[nodiscard]] virtual found_import find(const std::string& slug, const std::string& source) = 0;
  // Puts the arena in force and enters the source. In one transaction.
  [[nodiscard]] virtual known_import begin(const arena::arena& a, const import_terms& terms) = 0;
  // Which of these battles are neither there nor looked at before by this object, in order: what
  // write() would say. For dry runs; what was looked at is kept by PostgreSQL, in the session.
  [[nodiscard]] virtual std::vector<bool> look(std::span<const battle_id> battles) = 0;
  // Writes what is not there yet, in one transaction; which of them were new, in order.
  [[nodiscard]] virtual std::vector<bool> write(const known_import& into, const import_terms& terms,
                                                std::span<const imported_battle> battles) = 0;
};

}  // namespace agon::imports
