#include "services/systems/openai_speech.hpp"

#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"
#include "services/outgoing/client.hpp"
#include "services/systems/received.hpp"
#include "services/systems/remote_answer.hpp"

namespace agon::systems {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;

std::string speech_body(const speech_options& o, const generation_request& r) {
  json body = json::object();
  if (!o.extra.empty()) body = json::parse(o.extra, nullptr, false);
  body["model"] = o.model;
  body["input"] = r.prompt;
  if (!o.voice.empty()) body["voice"] = o.voice;
  body["response_format"] = o.format;
  return print_json(body);
}

awaitable<result<raw_output>> ask_speech(std::shared_ptr<const speech_options> o,
                                         outgoing::client& client, const generation_request& r,
                                         const fs::path& scratch) {
  if (!r.earlier.empty() || !r.attachments.empty())
    co_return fail(errc::unsupported, "This system speaks a single text.");
  outgoing::request q;
  q.target = o->remote.path.empty() ? "/audio/speech" : o->remote.path;
  q.body = speech_body(*o, r);
  q.accept = "audio/*";
  const auto got = co_await client.fetch(std::move(q));
  if (auto failed = failure_of(got)) co_return *failed;
  if (got->body.size() > o->remote.output_bytes)
    co_return fail(errc::system_failed, "The system wrote too much.");
  raw_output made;
  const auto kept = keep_received(got->body, modality::audio, scratch, made);
  if (!kept) co_return kept.error();
  made.first_seconds = got->first_seconds;
  co_return made;
}

}  // namespace

result<std::unique_ptr<system>> make_speech_system(const boost::asio::any_io_executor& executor,
                                                   const speech_options& options) {
  if (!options.extra.empty() && !json::parse(options.extra, nullptr, false).is_object())
    return error{
        errc::invalid_input, "extra must be an object", {{"/extra", "must be an object"}}, {}};
  const auto o = std::make_shared<const speech_options>(options);
  return make_remote_system(
      executor, options.remote,
      [o](outgoing::client& client, const generation_request& r, const fs::path& scratch,
          generation_listener&) { return ask_speech(o, client, r, scratch); });
}

}  // namespace agon::systems
