#include "services/music_arena/messages.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "services/core/json_reader.hpp"
#include "services/routing/json_value.hpp"

namespace agon::music_arena {
namespace {

using json = nlohmann::json;

constexpr std::size_t longest_name = 200;      // bytes of an id, a hash or a checksum
constexpr std::size_t longest_text = 40'000;   // bytes; the arena's own limits are stricter
constexpr double latest_time = 4'102'444'800;  // 2100: Unix times are seconds, not milliseconds

// Where a member is wrong, by its name.
struct wrong {
  error why;
};

[[noreturn]] void refuse(std::string detail) {
  throw wrong{fail(errc::invalid_input, std::move(detail))};
}

// Null counts as absent, as it does for them.
const json* present(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json& object_of(const json& body, const char* name) {
  const json* found = present(body, name);
  if (found == nullptr) refuse(std::string(name) + " is required");
  if (!found->is_object()) refuse(std::string(name) + " data must be a dictionary");
  return *found;
}

std::string text_of(const json& object, const char* name, std::size_t longest) {
  const json* found = present(object, name);
  if (found == nullptr) return {};
  if (!found->is_string()) refuse(std::string(name) + " must be a text");
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > longest) refuse(std::string(name) + " is too long");
  return text;
}

double unix_time(const json& v, const char* name) {
  if (!v.is_number()) refuse(std::string(name) + " must be a Unix time");
  const double t = v.get<double>();
  if (!(t >= 0 && t <= latest_time)) refuse(std::string(name) + " must be a Unix time");
  return t;
}

std::string terms_of(const json& session) {
  const json& terms = *present(session, "ack_tos");
  if (terms.is_boolean()) return terms.get<bool>() ? "true" : "";
  return text_of(session, "ack_tos", longest_name);
}

visitor visitor_of(const json& body) {
  const json& session = object_of(body, "session");
  for (const char* name : {"uuid", "create_time", "frontend_git_hash", "ack_tos"})
    if (present(session, name) == nullptr)
      refuse(
          "session is missing required fields: ['uuid', 'create_time', 'frontend_git_hash', "
          "'ack_tos']");
  visitor out;
  out.session = text_of(session, "uuid", longest_name);
  if (out.session.empty()) refuse("session has an empty uuid");
  static_cast<void>(unix_time(*present(session, "create_time"), "create_time"));
  out.terms = terms_of(session);
  if (out.terms.empty())
    throw wrong{fail(errc::consent_required, "Accept the terms of service first.")};
  const json& user = object_of(body, "user");
  // Theirs salts what comes in the clear; here all of it goes through a keyed hash anyway.
  out.address = text_of(user, "salted_ip", longest_name);
  if (out.address.empty()) out.address = text_of(user, "ip", longest_name);
  out.fingerprint = text_of(user, "salted_fingerprint", longest_name);
  if (out.fingerprint.empty()) out.fingerprint = text_of(user, "fingerprint", longest_name);
  return out;
}

bool truth_of(const json& v, const char* name) {
  if (v.is_boolean()) return v.get<bool>();
  if (v.is_string() && (v == "true" || v == "True")) return true;
  if (v.is_string() && (v == "false" || v == "False")) return false;
  refuse(std::string(name) + " must be true or false");
}

void read_detailed(const json& prompt, battle_wish& out) {
  out.detailed = true;
  out.prompt = text_of(prompt, "overall_prompt", longest_text);
  if (out.prompt.empty()) refuse("Invalid prompt_detailed data: overall_prompt is required");
  const json* instrumental = present(prompt, "instrumental");
  if (instrumental == nullptr) refuse("Invalid prompt_detailed data: instrumental is required");
  const bool alone = truth_of(*instrumental, "instrumental");
  out.request["instrumental"] = alone;
  if (const std::string lyrics = text_of(prompt, "lyrics", longest_text); !lyrics.empty()) {
    if (alone) refuse("Invalid prompt_detailed data: Lyrics must be None for instrumental music");
    out.request["lyrics"] = lyrics;
  }
  for (const char* name : {"duration", "bpm"}) {
    const json* number = present(prompt, name);
    if (number == nullptr) continue;
    const auto value = number->is_number() ? routing::field_value_of(*number) : std::nullopt;
    if (!value) refuse("Invalid prompt_detailed data: " + std::string(name) + " must be a number");
    out.request[name] = *value;
  }
}

std::vector<listen_event> listen_data(const json& vote, const char* name) {
  std::vector<listen_event> out;
  const json* found = present(vote, name);
  if (found == nullptr) return out;
  if (!found->is_array()) refuse(std::string(name) + " must be a list");
  if (found->size() > most_listen_events) refuse(std::string(name) + " is too long");
  for (const json& pair : *found) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string())
      refuse(std::string(name) + " must hold pairs of an event and a time");
    listen_event e;
    const auto& kind = pair[0].get_ref<const std::string&>();
    if (kind == "PLAY")
      e.kind = arena::exposure_kind::play;
    else if (kind == "PAUSE")
      e.kind = arena::exposure_kind::pause;
    else if (kind == "STOP")
      e.kind = arena::exposure_kind::ended;
    else if (kind == "TICK")
      e.kind = arena::exposure_kind::tick;
    else
      refuse("Invalid vote data: an event must be PLAY, PAUSE, STOP or TICK");
    e.at = unix_time(pair[1], name);
    out.push_back(e);
  }
  return out;
}

ratings::outcome preference_of(const std::string& name) {
  if (name == "A") return ratings::outcome::a;
  if (name == "B") return ratings::outcome::b;
  if (name == "TIE") return ratings::outcome::tie;
  if (name == "BOTH_BAD") return ratings::outcome::both_bad;
  refuse("Invalid vote data: preference must be A, B, TIE or BOTH_BAD");
}

battle_wish battle_wish_of(const json& body) {
  battle_wish out;
  out.who = visitor_of(body);
  if (present(body, "prompt_detailed") != nullptr) {
    read_detailed(object_of(body, "prompt_detailed"), out);
    return out;
  }
  out.prompt = text_of(object_of(body, "prompt"), "prompt", longest_text);
  if (out.prompt.empty()) refuse("Invalid prompt data: prompt is required");
  return out;
}

vote_wish vote_wish_of(const json& body) {
  vote_wish out;
  out.who = visitor_of(body);
  if (present(body, "battle_uuid") == nullptr) refuse("battle_uuid is required");
  const auto id = parse_uuid(text_of(body, "battle_uuid", longest_name));
  if (!id) throw wrong{fail(errc::not_found, "Battle not found.")};
  out.battle = battle_id{*id};
  const json& vote = object_of(body, "vote");
  if (present(vote, "preference") == nullptr || present(vote, "preference_time") == nullptr)
    refuse("vote is missing required fields: ['preference', 'preference_time']");
  out.preference = preference_of(text_of(vote, "preference", longest_name));
  const double at = unix_time(*present(vote, "preference_time"), "preference_time");
  out.preferred_at =
      time_point{std::chrono::microseconds{static_cast<std::int64_t>(std::llround(at * 1e6))}};
  out.a = listen_data(vote, "a_listen_data");
  out.b = listen_data(vote, "b_listen_data");
  out.feedback = text_of(vote, "feedback", longest_text);
  out.a_feedback = text_of(vote, "a_feedback", longest_text);
  out.b_feedback = text_of(vote, "b_feedback", longest_text);
  return out;
}

template <class T>
result<T> read(std::string_view body, T (*of)(const json&)) {
  const auto parsed = parse_object(body, largest_body);
  if (!parsed) return parsed.error();
  try {
    return of(*parsed);
  } catch (const wrong& w) {
    return w.why;
  }
}

}  // namespace

result<battle_wish> read_battle_wish(std::string_view body) {
  return read<battle_wish>(body, battle_wish_of);
}

result<vote_wish> read_vote_wish(std::string_view body) {
  return read<vote_wish>(body, vote_wish_of);
}

}  // namespace agon::music_arena
