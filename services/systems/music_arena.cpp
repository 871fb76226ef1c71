#include "services/systems/music_arena.hpp"

#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"
#include "services/outgoing/client.hpp"
#include "services/systems/received.hpp"
#include "services/systems/remote_answer.hpp"
#include "services/systems/text_cleaner.hpp"

namespace agon::systems {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t longest_hash = 200;

// A DetailedTextToMusicPrompt: exactly these four, since their server takes no others; no
// lyrics beside instrumental music, since it refuses both together.
std::string music_body(const music_arena_options& o, const generation_request& r) {
  const json details = r.details.empty() ? json::object() : json::parse(r.details, nullptr, false);
  json body = {{"overall_prompt", r.prompt},
               {"instrumental", o.instrumental},
               {"lyrics", nullptr},
               {"duration", nullptr}};
  if (o.duration) body["duration"] = *o.duration;
  if (const auto* text = text_member(details, "overall_prompt")) body["overall_prompt"] = *text;
  if (const json* length = member(details, "duration"); length != nullptr && length->is_number())
    body["duration"] = *length;
  const auto* lyrics = text_member(details, "lyrics");
  const json* instrumental = member(details, "instrumental");
  if (instrumental != nullptr && instrumental->is_boolean()) {
    body["instrumental"] = *instrumental;
  } else if (lyrics != nullptr) {
    body["instrumental"] = false;
  }
  if (lyrics != nullptr && !body["instrumental"].get<bool>()) body["lyrics"] = *lyrics;
  return print_json(body);
}

// What the server says that it took, without its own queue.
double worked_seconds(const json& answer) {
  const json* from = member(answer, "time_started");
  const json* to = member(answer, "time_completed");
  if (from == nullptr || to == nullptr || !from->is_number() || !to->is_number()) return 0;
  const double seconds = to->get<double>() - from->get<double>();
  return seconds > 0 && seconds < 86'400 ? seconds : 0;
}

awaitable<result<raw_output>> ask_music(std::shared_ptr<const music_arena_options> o,
                                        outgoing::client& client, const generation_request& r,
                                        const fs::path& scratch) {
  if (!r.earlier.empty() || !r.attachments.empty())
    co_return fail(errc::unsupported, "This system plays from a single text.");
  outgoing::request health;
  health.post = false;
  health.target = "/health";
  const auto well = co_await client.fetch(std::move(health));
  if (!well || !well->ok())
    co_return fail(errc::unavailable, "The system cannot be reached at the moment.");

  outgoing::request q;
  q.target = o->remote.path.empty() ? "/generate" : o->remote.path;
  q.body = music_body(*o, r);
  const auto got = co_await client.fetch(std::move(q));
  const auto answer = json_of(got, client.options().sizes.body);
  if (!answer) co_return answer.error();
  const auto* encoded = text_member(*answer, "audio_b64");
  const auto bytes = encoded == nullptr ? std::nullopt : from_base64(*encoded);
  if (!bytes) co_return broken_answer();
  raw_output made;
  const auto kept = keep_received(*bytes, modality::audio, scratch, made);
  if (!kept) co_return kept.error();
  if (const auto* lyrics = text_member(*answer, "lyrics"))
    made.text = clean_text(*lyrics, r.largest_text).value_or("");
  if (const auto* hash = text_member(*answer, "git_hash"))
    made.model = hash->substr(0, longest_hash);
  made.generation_seconds = worked_seconds(*answer);
  co_return made;
}

}  // namespace

result<std::unique_ptr<system>> make_music_arena_system(
    const boost::asio::any_io_executor& executor, const music_arena_options& options) {
  const auto o = std::make_shared<const music_arena_options>(options);
  return make_remote_system(
      executor, options.remote,
      [o](outgoing::client& client, const generation_request& r, const fs::path& scratch,
          generation_listener&) { return ask_music(o, client, r, scratch); });
}

}  // namespace agon::systems
