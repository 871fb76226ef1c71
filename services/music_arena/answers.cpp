#include "services/music_arena/answers.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "privacy/crypto/encoding.hpp"
#include "services/core/json_reader.hpp"
#include "services/routing/json_value.hpp"

namespace agon::music_arena {
namespace {

using json = nlohmann::json;

// Their front end divides by it.
constexpr double shortest_generation = 0.001;

double unix_seconds(time_point t) {
  return std::chrono::duration<double>(t.time_since_epoch()).count();
}

json field(const routing::request& r, std::string_view name) {
  const auto found = r.find(name);
  return found == r.end() ? json(nullptr) : routing::to_json_value(found->second);
}

// All members of their ResponseMetadata: nulls until they are known.
json metadata() {
  return {{"system_key", nullptr},
          {"system_git_hash", nullptr},
          {"system_time_queued", nullptr},
          {"system_time_started", nullptr},
          {"system_time_completed", nullptr},
          {"gateway_time_started", nullptr},
          {"gateway_time_completed", nullptr},
          {"gateway_num_retries", nullptr},
          {"size_bytes", nullptr},
          {"lyrics", nullptr},
          {"sample_rate", nullptr},
          {"num_channels", nullptr},
          {"duration", nullptr},
          {"checksum", nullptr}};
}

const arena::output* output_of(const std::vector<arena::output>& outputs, int slot) {
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [slot](const arena::output& o) { return o.slot == slot; });
  return found == outputs.end() ? nullptr : &*found;
}

json audio_url(const std::vector<arena::output>& outputs, int slot, std::string_view base) {
  const arena::output* o = output_of(outputs, slot);
  if (o == nullptr || !o->media) return nullptr;
  return std::string(base) + "/media/" + o->media->name;
}

json revealed(const arena::battle& b, const arena::ballot::side& side,
              const std::vector<arena::output>& outputs, int slot, const system_key& key) {
  json out = metadata();
  const double done = unix_seconds(b.ready_at.value_or(b.created_at));
  const double began = done - std::max(side.generation_seconds, shortest_generation);
  out["system_key"] = view_of(key);
  out["system_time_queued"] = began;
  out["system_time_started"] = began;
  out["system_time_completed"] = done;
  out["gateway_time_started"] = began;
  out["gateway_time_completed"] = done;
  const arena::output* o = output_of(outputs, slot);
  out["duration"] = o != nullptr && o->media ? o->media->seconds : 0;
  if (o != nullptr && o->media) out["size_bytes"] = o->media->bytes;
  return out;
}

// Their closed set of words, which their front end has sentences for; it shows a general one
// for any other.
std::string rationale(std::string_view reason) {
  if (reason == "sexual" || reason == "sexual_minors") return "Explicit";
  if (reason == "hate") return "Insensitive";
  return std::string(reason);
}

std::string md5(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1)
    throw std::runtime_error("MD5 is not available");
  return crypto::to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

json view_of(const system_key& key) {
  return {{"system_tag", key.tag}, {"variant_tag", key.variant}};
}

json detailed_prompt(std::string_view prompt, const routing::request& request) {
  json instrumental = field(request, "instrumental");
  // An arena that does not ask for it makes no songs.
  if (!instrumental.is_boolean()) instrumental = true;
  json lyrics = instrumental.get<bool>() ? json(nullptr) : field(request, "lyrics");
  json out = {{"overall_prompt", prompt},
              {"instrumental", std::move(instrumental)},
              {"lyrics", std::move(lyrics)},
              {"duration", field(request, "duration")}};
  // Their older data class does not know it.
  if (json bpm = field(request, "bpm"); !bpm.is_null()) out["bpm"] = std::move(bpm);
  return out;
}

std::string checksum_of(const json& detailed_prompt) {
  std::string text = "{";
  for (const auto& [name, value] : detailed_prompt.items()) {
    if (value.is_null()) continue;
    if (text.size() > 1) text += ", ";
    text += '"' + name + "\": " + value.dump(-1, ' ', true);
  }
  return md5(text + '}');
}

json battle_view(const arena::battle& b, const std::vector<arena::output>& outputs, bool routed,
                 std::string_view base) {
  const json detailed = detailed_prompt(b.prompt, b.request);
  json side = metadata();
  // Their front end shows the lyrics that systems make up where it is told to expect some, and
  // wants a text then. What was sung is not kept here.
  if (!detailed["instrumental"].get<bool>() && detailed["lyrics"].is_null()) side["lyrics"] = "";
  return {{"uuid", to_string(b.id)},
          {"gateway_git_hash", nullptr},
          {"prompt", routed ? json{{"prompt", b.prompt}} : json(nullptr)},
          {"prompt_detailed", detailed},
          {"prompt_user", nullptr},
          {"prompt_session", nullptr},
          {"prompt_prebaked", b.prompt_source == "random"},
          {"prompt_routed", routed},
          {"a_audio_url", audio_url(outputs, 0, base)},
          {"a_metadata", side},
          {"b_audio_url", audio_url(outputs, 1, base)},
          {"b_metadata", side},
          {"vote", nullptr},
          {"vote_user", nullptr},
          {"vote_session", nullptr},
          {"timings", json::array()}};
}

json vote_view(const arena::battle& b, const arena::receipt& r,
               const std::vector<arena::output>& outputs, const std::vector<system_key>& keys) {
  json winner = nullptr;
  if (r.winner == ratings::outcome::a) winner = view_of(keys[0]);
  if (r.winner == ratings::outcome::b) winner = view_of(keys[1]);
  return {{"system_keys", {view_of(keys[0]), view_of(keys[1])}},
          {"winner", std::move(winner)},
          {"a_metadata", revealed(b, r.b.slots[0], outputs, 0, keys[0])},
          {"b_metadata", revealed(b, r.b.slots[1], outputs, 1, keys[1])}};
}

http::response refusal(const error& e) {
  const bool refused = e.code == errc::prompt_refused;
  json body = {{"detail", refused && !e.reason.empty() ? rationale(e.reason) : e.detail}};
  if (!refused)
    for (const field_error& f : e.fields)
      body["detail"] = body["detail"].get<std::string>() + ' ' + f.field + ' ' + f.reason + '.';
  auto answer = http::json(print_json(body), refused ? 406 : http::status_of(e.code));
  if (e.retry_after) answer.set("Retry-After", std::to_string(e.retry_after->count()));
  return answer;
}

}  // namespace agon::music_arena
