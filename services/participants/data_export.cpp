#include "services/participants/data_export.hpp"

#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"

namespace agon::participants {
namespace {

using export_json = nlohmann::json;

// Texts of outputs may be long: few battles at a time.
constexpr int battles_per_piece = 10;

export_json time_or_null(const std::optional<time_point>& t) {
  return t ? export_json(to_rfc3339(*t)) : export_json(nullptr);
}

std::string slot_letter(int slot) {
  return std::string(1, static_cast<char>('a' + slot));
}

export_json output_json(const held_output& o, bool revealed) {
  export_json out{{"slot", slot_letter(o.slot)}};
  if (o.media_name) {
    out["media"] = "/media/" + *o.media_name;
    out["media_type"] = o.media_type.value_or("");
  }
  if (o.text) out["text"] = *o.text;
  if (!revealed) return out;
  out["system"] = o.system;
  out["status"] = o.status;
  out["turn"] = o.turn;
  out["attempt"] = o.attempt;
  out["made_at"] = to_rfc3339(o.created_at);
  if (o.seconds) out["seconds"] = *o.seconds;
  return out;
}

export_json consents_json(const std::vector<held_consent>& consents) {
  export_json list = export_json::array();
  for (const held_consent& c : consents)
    list.push_back({{"arena", c.arena},
                    {"text_sha256", c.text_sha256},
                    {"purposes", c.purposes},
                    {"given_at", to_rfc3339(c.given_at)}});
  return list;
}

}  // namespace

std::string to_export_json(const held_battle& b) {
  const bool revealed = b.voted();
  export_json outputs = export_json::array();
  for (const held_output& o : b.outputs)
    if (revealed || o.status == "shown") outputs.push_back(output_json(o, revealed));
  export_json judgments = export_json::array();
  for (const held_judgment& j : b.judgments)
    judgments.push_back({{"question", j.question},
                         {"judgment", export_json::parse(j.body)},
                         {"answered_at", to_rfc3339(j.answered_at)}});
  export_json exposures = export_json::array();
  for (const held_exposure& e : b.exposures)
    exposures.push_back({{"sequence", e.sequence},
                         {"slot", slot_letter(e.slot)},
                         {"kind", e.kind},
                         {"position", e.position},
                         {"at", to_rfc3339(e.client_at)},
                         {"received_at", to_rfc3339(e.received_at)}});
  return print_json({{"arena", b.arena},
                     {"id", to_string(b.id)},
                     {"created_at", to_rfc3339(b.created_at)},
                     {"state", b.state},
                     {"prompt", b.prompt},
                     {"prompt_source", b.prompt_source},
                     {"language", b.language},
                     {"request", export_json::parse(b.request)},
                     {"consent_sha256", b.consent_sha256},
                     {"purposes", b.purposes},
                     {"heard_seconds", b.heard_seconds},
                     {"gate_met_at", time_or_null(b.gate_met_at)},
                     {"vote_taken_back_at", time_or_null(b.withdrawn_at)},
                     {"outputs", std::move(outputs)},
                     {"judgments", std::move(judgments)},
                     {"exposures", std::move(exposures)}});
}

awaitable<result<std::string>> data_export::head() {
  const auto held = co_await store_.held(participant_);
  if (!held) co_return held.error();
  if (!*held) co_return fail(errc::not_found, "Nothing is held about this participant.");
  const auto consents = co_await store_.consents(participant_);
  if (!consents) co_return consents.error();
  const holdings& h = **held;
  std::string text = print_json({{"format", "agon-my-data/1"},
                                 {"made_at", to_rfc3339(now_)},
                                 {"participant",
                                  {{"id", to_string(participant_)},
                                   {"source", h.source},
                                   {"since", to_rfc3339(h.since)},
                                   {"link_made_at", time_or_null(h.link_made_at)}}},
                                 {"consents", consents_json(*consents)}});
  text.pop_back();  // the object goes on
  text += ",\"battles\":[";
  stage_ = stage::battles;
  co_return text;
}

awaitable<result<std::string>> data_export::next() {
  if (stage_ == stage::done) co_return std::string();
  if (stage_ == stage::head) {
    auto text = co_await head();
    co_return text;
  }
  const auto battles = co_await store_.battles(participant_, last_, battles_per_piece);
  if (!battles) co_return battles.error();
  std::string text;
  for (const held_battle& b : *battles) {
    if (last_) text += ',';
    text += '\n';
    text += to_export_json(b);
    last_ = b.id;
  }
  if (battles->size() < battles_per_piece) {
    text += "\n]}\n";
    stage_ = stage::done;
  }
  co_return text;
}

}  // namespace agon::participants
