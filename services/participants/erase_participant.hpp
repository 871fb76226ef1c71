// Use case: everything that somebody gave is deleted: rows, files, and with them the votes on
// boards and in releases.
#pragma once

#include <functional>
#include <string>

#include "services/participants/rights_store.hpp"

namespace agon::participants {

struct erasure_report {
  erased_rows rows;
  std::int64_t files = 0;
  bool complete = true;  // false: so much that the rest is deleted in the background
};

class erase_participant {
 public:
  // Removes media files; gives back the names of those that are gone, or never were.
  using remove_files =
      std::function<awaitable<std::vector<std::string>>(std::vector<std::string> names)>;
  erase_participant(rights_store& store, clock_source& clock, remove_files remove)
      : store_(store), clock_(clock), remove_(std::move(remove)) {}

  // Rows that a server was writing meanwhile go some minutes later: by then whatever was under
  // way has ended (generation and its clean-up take less).
  static constexpr std::chrono::minutes last_step_after{10};
  // Battles per transaction, and per call of run().
  static constexpr int batch = 100;
  static constexpr int most_at_once = 2000;

  // Who it was and what they agreed to is deleted when this has begun; of their battles up to
  // `most`, oldest first, and the files of all that were deleted. May be called again after a
  // crash, or to go on. errc::not_found if nothing is held about this id.
  [[nodiscard]] awaitable<result<erasure_report>> run(participant_id p, actor by,
                                                      int most = most_at_once);

  // A bit of what is due: interrupted erasures, last steps, files of deleted rows. For a job
  // that comes back every minute; may run in several processes at once.
  struct step_report {
    int finished = 0;  // erasures of which nothing is left
    std::int64_t files = 0;
    bool more = false;  // something is left to do at once
  };
  [[nodiscard]] awaitable<result<step_report>> step();

 private:
  awaitable<result<std::int64_t>> remove_noted(int most);

  rights_store& store_;
  clock_source& clock_;
  remove_files remove_;
};

}  // namespace agon::participants
