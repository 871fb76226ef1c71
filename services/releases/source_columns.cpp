#include "services/releases/source_columns.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace agon::releases {
namespace {

// Published, under the rules of privacy/release/tables.cpp.
constexpr std::string_view published_columns[] = {
    "battle.id",  // as a keyed hash
    "battle.generation_seconds",
    "battle.heard_seconds",
    "battle.language",
    "battle.prompt",
    "battle.sampling_probability",
    "battle.slot_system",
    "judgment.answered_at",  // its day
    "judgment.body",         // of comments: type, target, criterion and text
    "judgment.kind",
    "judgment.protocol_version",
    "judgment.question",
    "judgment.winner",
    "output.generation_seconds",
    "output.loudness_lufs",
    "output.seconds",
    "output.slot",
    "output.status",
    "output.system_id"};

// Read to decide or to join, or not read at all: in no file.
constexpr std::string_view kept_back_columns[] = {"battle.arena_id",
                                                  "battle.arena_version",
                                                  "battle.consent_sha256",
                                                  "battle.created_at",
                                                  "battle.expires_at",
                                                  "battle.failure",
                                                  "battle.gate_met_at",
                                                  "battle.participant_id",
                                                  "battle.prompt_source",
                                                  "battle.protocol_version",
                                                  "battle.purposes",
                                                  "battle.ready_at",
                                                  "battle.request",
                                                  "battle.required_seconds",
                                                  "battle.routing",
                                                  "battle.sampling",
                                                  "battle.sampling_policy",
                                                  "battle.slot_output",
                                                  "battle.slot_style",
                                                  "battle.slot_support",
                                                  "battle.self_named",
                                                  "battle.state",
                                                  "battle.style_set",
                                                  "judgment.arena_id",
                                                  "judgment.battle_id",
                                                  "judgment.idempotency_key",
                                                  "judgment.nonce",
                                                  "judgment.participant_id",
                                                  "judgment.txid",
                                                  "output.arena_id",
                                                  "output.attempt",
                                                  "output.battle_id",
                                                  "output.created_at",
                                                  "output.cut_off",
                                                  "output.error",
                                                  "output.height",
                                                  "output.id",
                                                  "output.media_bytes",
                                                  "output.media_name",
                                                  "output.media_sha256",
                                                  "output.media_type",
                                                  "output.names_itself",
                                                  "output.peaks",
                                                  "output.style",
                                                  "output.style_set",
                                                  "output.text",
                                                  "output.turn",
                                                  "output.width"};

bool is_decided(std::string_view column) {
  const auto stands_in = [&](const auto& list) {
    return std::find(std::begin(list), std::end(list), column) != std::end(list);
  };
  return stands_in(published_columns) || stands_in(kept_back_columns);
}

}  // namespace

std::optional<std::string> undecided_column(const std::vector<std::string>& columns) {
  for (const std::string& c : columns)
    if (!is_decided(c)) return c;
  return std::nullopt;
}

}  // namespace agon::releases
