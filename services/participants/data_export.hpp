// Everything that is held about a participant, as one JSON document in pieces: memory does not
// grow with what they gave.
#pragma once

#include <optional>
#include <string>

#include "services/participants/rights_store.hpp"

namespace agon::participants {

// {"format": "agon-my-data/1", "made_at", "participant", "consents", "battles": [...]}.
//
// Of a battle without a vote it does not tell which systems spoke, nor anything that could give
// them away: this is no way around the vote.
class data_export {
 public:
  data_export(rights_store& store, participant_id p, time_point now)
      : store_(store), participant_(p), now_(now) {}

  // The next piece; empty after the last. errc::not_found, at the first call alone, if nothing is
  // held. What is given or deleted meanwhile may be part of it or not.
  [[nodiscard]] awaitable<result<std::string>> next();

 private:
  enum class stage { head, battles, done };
  awaitable<result<std::string>> head();

  rights_store& store_;
  participant_id participant_;
  time_point now_;
  stage stage_ = stage::head;
  std::optional<battle_id> last_;
};

// One battle of the document.
[[nodiscard]] std::string to_export_json(const held_battle& b);

}  // namespace agon::participants
