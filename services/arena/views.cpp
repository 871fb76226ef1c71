#include "services/arena/views.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/arena/withdraw_vote.hpp"
#include "services/routing/json_value.hpp"

namespace agon::arena {
namespace {

using json = nlohmann::json;

constexpr const char* slot_names[] = {"a", "b", "c", "d"};

// Three decimals: enough to show, and no false precision.
double rounded(double seconds) {
  return std::round(seconds * 1000) / 1000;
}

std::string card_text(const std::string& slug, const system_card& card) {
  crypto::canonical_object out;
  out.text("description", card.description)
      .text("id", slug)
      .text("licence", card.licence)
      .text("maker", card.maker)
      .text("name", card.name);
  if (!card.url.empty()) out.text("url", card.url);
  if (card.year != 0) out.number("year", card.year);
  return std::move(out).finish();
}

constexpr std::string_view partly = "partial:";

// "bpm,duration" as a JSON array.
std::string field_names(std::string_view list) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    names.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return crypto::canonical_array(names);
}

json question_view(const feedback::question& q) {
  json out = {{"id", q.id},
              {"kind", feedback::name_of(q.kind)},
              {"target", feedback::name_of(q.about)},
              {"criterion", q.criterion},
              {"label", q.label},
              {"required", q.required}};
  if (!q.placeholder.empty()) out["placeholder"] = q.placeholder;
  if (q.kind == feedback::question_kind::comparison) {
    out["allow_tie"] = q.allow_tie;
    out["allow_both_bad"] = q.allow_both_bad;
  } else {
    out["max_length"] = q.max_length;
  }
  return out;
}

// The form is drawn from this: JSON does not keep the order of members, so it stands apart.
json request_view(const routing::request_schema& schema) {
  json order = json::array();
  for (const routing::request_field& f : schema.fields()) order.push_back(f.name);
  return {{"order", std::move(order)},
          {"schema", schema.empty() ? json::object() : crypto::parse_json(schema.text()).value()}};
}

json consent_view(const consent_text& c) {
  json purposes = json::array();
  for (const purpose& p : c.purposes)
    purposes.push_back({{"id", p.id}, {"label", p.label}, {"required", p.required}});
  return {{"title", c.title}, {"text", c.text}, {"sha256", c.sha256}, {"purposes", purposes}};
}

json slot_view(const output& o) {
  json out = {{"slot", slot_names[o.slot]}};
  if (o.text) out["answers"] = json::array({{{"text", *o.text}, {"cut_off", o.cut_off}}});
  if (!o.media) return out;
  out["media"] = {{"url", "/media/" + o.media->name}, {"type", o.media->type}};
  if (o.media->width > 0) {
    out["width"] = o.media->width;
    out["height"] = o.media->height;
  } else {
    out["seconds"] = rounded(o.media->seconds);
    out["peaks"] = o.media->peaks;
  }
  return out;
}

// Whether battles can be asked for: enough systems are drawn. Not so where all are paused, or
// where the votes were imported.
bool is_open(const arena& a) {
  const auto drawn = std::count_if(a.systems.begin(), a.systems.end(),
                                   [](const registered_system& s) { return s.weight > 0; });
  return drawn >= static_cast<std::ptrdiff_t>(a.slots);
}

}  // namespace

std::string revealed_card(const arena& a, const std::string& slug) {
  const auto here = std::find_if(a.systems.begin(), a.systems.end(),
                                 [&](const registered_system& s) { return s.slug == slug; });
  return here == a.systems.end()
             ? card_text(slug, {slug, "", "", "", "No longer in this arena.", 0})
             : card_text(slug, here->card);
}

json view_of(const arena& a) {
  json systems = json::array();
  for (const registered_system& s : a.systems)
    systems.push_back(crypto::parse_json(card_text(s.slug, s.card)).value());
  json questions = json::array();
  for (const feedback::question& q : a.protocol.questions) questions.push_back(question_view(q));
  return {{"id", a.slug},
          {"title", a.title},
          {"description", a.description},
          {"modality", name_of(a.kind)},
          {"slots", a.slots},
          {"open", is_open(a)},
          {"prompt_label", a.prompt_label},
          {"prompt_max", a.prompt_max},
          {"prompts", a.prompts.size()},
          {"systems", std::move(systems)},
          {"request", request_view(a.request)},
          {"languages", a.languages},
          {"gate", {{"seconds", a.gate.seconds}, {"fraction", a.gate.fraction}}},
          {"consent", consent_view(a.consent)},
          {"protocol", {{"version", a.protocol.version}, {"questions", std::move(questions)}}},
          {"release",
           {{"licence", a.release.licence},
            {"cool_off_hours", a.release.cool_off_hours},
            {"release_outputs", a.release.release_outputs},
            {"k", a.release.k},
            {"language", a.release.language},
            {"schedule", a.release.schedule},
            {"withdrawals", a.release.withdrawals}}}};
}

json gate_view(const battle& b) {
  json slots = json::array();
  for (std::size_t i = 0; i < b.slots.size(); ++i)
    slots.push_back({{"slot", slot_names[i]},
                     {"heard_seconds", rounded(b.slots[i].heard_seconds)},
                     {"required_seconds", rounded(b.slots[i].required_seconds)}});
  return {{"open", b.gate_met_at.has_value()}, {"slots", std::move(slots)}};
}

std::string receipt_text(const running_arena& a, const receipt& r) {
  std::string systems;
  for (std::size_t i = 0; i < r.b.slots.size(); ++i) {
    const ballot::side& slot = r.b.slots[i];
    // A system may have left the arena between the battle and its vote.
    const auto card = a.cards.find(slot.system);
    crypto::canonical_object shown;
    shown.number("generation_seconds", rounded(slot.generation_seconds))
        .text("slot", slot_names[i])
        .json("system", card == a.cards.end() ? "null" : std::string_view(card->second));
    // Told with the system's name and not before: what a side cannot do may tell who it is.
    if (slot.support.starts_with(partly))
      shown.json("without", field_names(slot.support.substr(partly.size())));
    systems += systems.empty() ? '[' : ',';
    systems += std::move(shown).finish();
  }
  crypto::canonical_object out;
  out.text("battle", to_string(r.b.id))
      .json("judgments", crypto::canonical_array(r.questions))
      .text("recorded_at", to_rfc3339(r.recorded_at))
      .json("systems", systems.empty() ? "[]" : systems + ']');
  if (r.b.self_named) out.json("uncounted", "\"self_named\"");
  if (r.winner) {
    out.text("winner", ratings::to_text(*r.winner));
    if (!r.withdrawn_at)
      out.text("withdrawable_until",
               to_rfc3339(withdrawable_until(a.definition, r.b, r.recorded_at)));
  }
  if (r.withdrawn_at) out.text("withdrawn_at", to_rfc3339(*r.withdrawn_at));
  return std::move(out).finish();
}

json live_text_view(const live_text::part& p) {
  json slots = json::array();
  for (std::size_t i = 0; i < p.texts.size(); ++i)
    slots.push_back({{"slot", slot_names[i]}, {"text", p.texts[i]}});
  return {{"from", p.from}, {"to", p.to}, {"slots", std::move(slots)}};
}

json battle_view(const running_arena& a, const battle& b, const std::vector<output>& outputs,
                 const std::optional<receipt>& judged, time_point now) {
  json slots = json::array();
  for (const output& o : outputs) slots.push_back(slot_view(o));
  const battle_state state = b.state_at(now);
  json out = {{"id", to_string(b.id)},
              {"arena", a.definition.slug},
              {"state", judged ? std::string_view("revealed") : name_of(state)},
              {"prompt", b.prompt},
              {"request", routing::to_json_object(b.request)},
              {"created_at", to_rfc3339(b.created_at)},
              {"expires_at", to_rfc3339(b.expires_at)},
              {"slots", std::move(slots)},
              {"gate", gate_view(b)}};
  if (state == battle_state::failed) out["failure"] = b.failure;
  if (judged) out["receipt"] = crypto::parse_json(receipt_text(a, *judged)).value();
  return out;
}

}  // namespace agon::arena
