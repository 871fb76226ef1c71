#include "services/imports/parsers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "services/imports/fields.hpp"
#include "services/offline/vote_columns.hpp"

namespace agon::imports {
namespace {

using json = nlohmann::json;
using ratings::outcome;

constexpr std::array<std::pair<std::string_view, source_format>, 4> format_names{{
    {"music-arena", source_format::music_arena},
    {"lmsys", source_format::lmsys},
    {"comparia", source_format::comparia},
    {"pairs", source_format::pairs},
}};

std::string shown_value(const std::string& text) {
  return '"' + cleaned(text.substr(0, 40)) + '"';
}

// Of a Music Arena side: pairs [event, time] or objects {action, time}.
double listened_seconds(const json* events) {
  double total = 0;
  std::optional<double> since;
  if (events == nullptr || !events->is_array()) return 0;
  for (const json& e : *events) {
    std::string kind;
    double at = 0;
    if (e.is_array() && e.size() == 2 && e[0].is_string() && e[1].is_number()) {
      kind = e[0].get<std::string>();
      at = e[1].get<double>();
    } else {
      kind = text_of(e, {"action", "event"});
      at = number_of(e, {"time"});
    }
    if (kind.empty() || at <= 0) continue;
    if (kind == "PLAY") {
      if (!since) since = at;
    } else {
      if (since && at > *since && at - *since < 86'400) total += at - *since;
      since = kind == "TICK" && since ? std::optional(at) : std::nullopt;
    }
  }
  return total;
}

// A released record has listening data as the text of a JSON array.
double listened_seconds_of_text(const std::string& text) {
  const json events = json::parse(text, nullptr, false);
  return events.is_discarded() ? 0 : listened_seconds(&events);
}

std::optional<outcome> music_preference(const std::string& name) {
  if (name == "A") return outcome::a;
  if (name == "B") return outcome::b;
  if (name == "TIE") return outcome::tie;
  if (name == "BOTH_BAD") return outcome::both_bad;
  return std::nullopt;
}

void add_music_request(bool instrumental, const std::string& lyrics, imported_vote& v) {
  v.request["instrumental"] = instrumental;
  if (!instrumental && !lyrics.empty()) v.request["lyrics"] = lyrics;
}

std::string lyrics_prompt(const std::string& lyrics) {
  return "(Lyrics) " + lyrics;
}

imported_side music_side(const json& metadata, const json* listened, std::string comment) {
  imported_side out;
  if (const json* key = member_of(metadata, {"system_key"})) {
    out.system = text_of(*key, {"system_tag"});
    const std::string variant = text_of(*key, {"variant_tag"});
    if (!variant.empty() && variant != "initial") out.system += ":" + variant;
  }
  if (out.system.empty()) out.system = text_of(metadata, {"system_tag"});
  const double seconds = number_of(metadata, {"gateway_time_completed"}) -
                         number_of(metadata, {"gateway_time_started"});
  if (seconds > 0 && seconds < 86'400) out.generation_seconds = seconds;
  out.heard_seconds = listened_seconds(listened);
  out.comment = cleaned(std::move(comment));
  return out;
}

// {salted_ip, salted_fingerprint}; the first that is there.
std::string music_judge(const json& record) {
  for (const char* who : {"vote_user", "prompt_user"})
    if (const json* user = member_of(record, {who})) {
      std::string name = text_of(*user, {"salted_fingerprint", "salted_ip"});
      if (!name.empty()) return name;
    }
  return {};
}

parsed_row parse_music_battle(const json& record) {
  static const json none = json::object();
  const json* vote = member_of(record, {"vote"});
  const std::string preference = vote == nullptr ? "" : text_of(*vote, {"preference"});
  if (preference.empty()) return unjudged{};
  imported_vote out;
  const auto winner = music_preference(preference);
  if (!winner) return refused{"its preference is " + shown_value(preference)};
  out.winner = *winner;
  out.key = text_of(record, {"uuid"});
  const json* a = member_of(record, {"a_metadata"});
  const json* b = member_of(record, {"b_metadata"});
  out.a = music_side(a ? *a : none, member_of(*vote, {"a_listen_data"}),
                     text_of(*vote, {"a_feedback"}));
  out.b = music_side(b ? *b : none, member_of(*vote, {"b_listen_data"}),
                     text_of(*vote, {"b_feedback"}));
  out.comment = cleaned(text_of(*vote, {"feedback"}));
  out.judge = music_judge(record);
  const json* session = member_of(record, {"vote_session", "prompt_session"});
  for (const auto& [object, name] :
       {std::pair{vote, "preference_time"}, std::pair{session, "create_time"},
        std::pair{a, "gateway_time_completed"}}) {
    const json* t = object == nullptr ? nullptr : member_of(*object, {name});
    if (t != nullptr && !out.at) out.at = moment_of(*t);
  }
  const json* detailed = member_of(record, {"prompt_detailed"});
  const json& d = detailed ? *detailed : none;
  std::string lyrics = text_of(d, {"lyrics"});
  if (lyrics.empty()) lyrics = text_of(a ? *a : none, {"lyrics"});
  if (lyrics.empty()) lyrics = text_of(b ? *b : none, {"lyrics"});
  const json* prompt = member_of(record, {"prompt"});
  if (prompt != nullptr)
    out.prompt = prompt->is_string() ? prompt->get<std::string>() : text_of(*prompt, {"prompt"});
  if (out.prompt.empty()) out.prompt = text_of(d, {"overall_prompt"});
  if (out.prompt.empty() && !lyrics.empty()) out.prompt = lyrics_prompt(lyrics);
  out.prompt = cleaned(std::move(out.prompt));
  out.recorded_prompt = truth_of(record, {"prompt_prebaked"});
  add_music_request(truth_of(d, {"instrumental"}), cleaned(std::move(lyrics)), out);
  return out;
}

// One of the records that Music Arena publishes, of 28 fields.
parsed_row parse_music_record(const json& record) {
  const std::string preference = text_of(record, {"preference"});
  if (preference.empty()) return unjudged{};
  imported_vote out;
  const auto winner = music_preference(preference);
  if (!winner) return refused{"its preference is " + shown_value(preference)};
  out.winner = *winner;
  out.key = text_of(record, {"battle_uuid"});
  out.judge = text_of(record, {"user_pseudonym"});
  for (const char* name : {"timestamp", "date"})
    if (const json* t = member_of(record, {name}); t != nullptr && !out.at) out.at = moment_of(*t);
  const std::string lyrics = cleaned(text_of(record, {"lyrics"}));
  out.prompt = cleaned(text_of(record, {"prompt"}));
  if (out.prompt.empty() && !lyrics.empty()) out.prompt = lyrics_prompt(lyrics);
  out.recorded_prompt = truth_of(record, {"is_prebaked"});
  out.comment = cleaned(text_of(record, {"feedback"}));
  add_music_request(truth_of(record, {"is_instrumental"}), lyrics, out);
  const auto side = [&](imported_side& s, names system, names gateway, names total, names events) {
    s.system = text_of(record, system);
    s.generation_seconds = std::max(0.0, number_of(record, gateway));
    s.heard_seconds = std::max(0.0, number_of(record, total));
    if (s.heard_seconds <= 0) s.heard_seconds = listened_seconds_of_text(text_of(record, events));
  };
  side(out.a, {"system_a"}, {"gateway_time_a"}, {"total_listening_time_a"}, {"listen_data_a"});
  side(out.b, {"system_b"}, {"gateway_time_b"}, {"total_listening_time_b"}, {"listen_data_b"});
  return out;
}

parsed_row parse_music_arena(const json& record) {
  return member_of(record, {"system_a"}) != nullptr ? parse_music_record(record)
                                                    : parse_music_battle(record);
}

parsed_row parse_lmsys(const json& record) {
  imported_vote out;
  const std::string winner = text_of(record, {"winner"});
  if (winner.empty()) return unjudged{};
  const auto meant = offline::outcome_from_spelling(winner);
  if (!meant) return refused{"its winner is " + shown_value(winner)};
  out.winner = *meant;
  out.a.system = text_of(record, {"model_a"});
  out.b.system = text_of(record, {"model_b"});
  out.key = text_of(record, {"question_id", "id"});
  const std::string turn = text_of(record, {"turn"});
  out.judge = text_of(record, {"judge", "judge_hash", "evaluation_session_id"});
  if (!out.key.empty()) out.key += '/' + out.judge + '/' + turn;
  if (const json* t = member_of(record, {"tstamp", "timestamp"})) out.at = moment_of(*t);
  out.language = language_tag(text_of(record, {"language"}));
  out.a.answers = answers_of(member_of(record, {"conversation_a"}), out.prompt);
  out.b.answers = answers_of(member_of(record, {"conversation_b"}), out.prompt);
  if (out.prompt.empty()) out.prompt = cleaned(text_of(record, {"prompt"}));
  return out;
}

parsed_row parse_comparia(const json& record) {
  imported_vote out;
  out.a.system = text_of(record, {"model_a_name", "model_a"});
  out.b.system = text_of(record, {"model_b_name", "model_b"});
  const std::string chosen = text_of(record, {"chosen_model_name", "chosen_model"});
  if (truth_of(record, {"both_equal"}))
    out.winner = outcome::tie;
  else if (chosen.empty())
    return unjudged{};
  else if (chosen == out.a.system)
    out.winner = outcome::a;
  else if (chosen == out.b.system)
    out.winner = outcome::b;
  else
    return refused{"the chosen model is neither of the two: " + shown_value(chosen)};
  out.key = text_of(record, {"conversation_pair_id", "id"});
  out.judge = text_of(record, {"visitor_id", "session_hash"});
  if (const json* t = member_of(record, {"timestamp", "tstamp"})) out.at = moment_of(*t);
  // A list, of which there is mostly one.
  if (const json* languages = member_of(record, {"languages"});
      languages != nullptr && languages->is_array() && languages->size() == 1 &&
      (*languages)[0].is_string())
    out.language = language_tag((*languages)[0].get<std::string>());
  else
    out.language = language_tag(text_of(record, {"language", "lang"}));
  out.prompt = cleaned(text_of(record, {"opening_msg"}));
  out.a.answers = answers_of(member_of(record, {"conversation_a"}), out.prompt);
  out.b.answers = answers_of(member_of(record, {"conversation_b"}), out.prompt);
  out.a.comment = cleaned(text_of(record, {"conv_comments_a", "comments_a"}));
  out.b.comment = cleaned(text_of(record, {"conv_comments_b", "comments_b"}));
  return out;
}

parsed_row parse_pairs(const json& record) {
  imported_vote out;
  out.a.system = text_of(record, {"model_a", "system_a", "left"});
  out.b.system = text_of(record, {"model_b", "system_b", "right"});
  const std::string winner = text_of(record, {"winner", "preference"});
  if (winner.empty()) return unjudged{};
  const auto meant = offline::outcome_from_spelling(winner);
  if (meant)
    out.winner = *meant;
  else if (winner == out.a.system)
    out.winner = outcome::a;
  else if (winner == out.b.system)
    out.winner = outcome::b;
  else
    return refused{"its outcome is " + shown_value(winner)};
  out.judge = text_of(record, {"judge", "worker", "user", "participant"});
  if (const json* t = member_of(record, {"timestamp", "tstamp", "time"})) out.at = moment_of(*t);
  out.prompt = cleaned(text_of(record, {"prompt", "input"}));
  out.language = language_tag(text_of(record, {"language"}));
  out.comment = cleaned(text_of(record, {"comment", "feedback"}));
  for (const auto& [side, name] : {std::pair{&out.a, "text_a"}, std::pair{&out.b, "text_b"}})
    if (std::string text = cleaned(text_of(record, {name})); !text.empty())
      side->answers.push_back(std::move(text));
  return out;
}

parsed_row parse_any(source_format f, const json& record) {
  switch (f) {
    case source_format::music_arena:
      return parse_music_arena(record);
    case source_format::lmsys:
      return parse_lmsys(record);
    case source_format::comparia:
      return parse_comparia(record);
    case source_format::pairs:
      return parse_pairs(record);
  }
  return refused{"is of no known format"};
}

}  // namespace

std::string_view to_text(source_format f) {
  for (const auto& [name, format] : format_names)
    if (format == f) return name;
  return "";
}

std::optional<source_format> source_format_from_text(std::string_view text) {
  for (const auto& [name, format] : format_names)
    if (name == text) return format;
  return std::nullopt;
}

parsed_row parse(source_format f, const json& record) {
  parsed_row out = parse_any(f, record);
  auto* vote = std::get_if<imported_vote>(&out);
  if (vote == nullptr) return out;
  for (imported_side* side : {&vote->a, &vote->b}) {
    side->system = cleaned(std::move(side->system));
    if (side->system.empty()) return refused{"does not name both systems"};
    if (side->system.size() > 100) return refused{"has a system with a name of over 100 bytes"};
  }
  if (vote->a.system == vote->b.system) return refused{"compares a system with itself"};
  return out;
}

}  // namespace agon::imports
