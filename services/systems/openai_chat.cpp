#include "services/systems/openai_chat.hpp"

#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"
#include "services/outgoing/client.hpp"
#include "services/systems/chat_stream.hpp"
#include "services/systems/received.hpp"
#include "services/systems/remote_answer.hpp"
#include "services/systems/scratch.hpp"

namespace agon::systems {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;
using chat_clock = std::chrono::steady_clock;

constexpr std::uint64_t largest_attachment = 20UL * 1024 * 1024;
constexpr std::size_t largest_event = 1024UL * 1024;

const char* role_of(speaker s) {
  switch (s) {
    case speaker::instructions:
      return "system";
    case speaker::user:
      return "user";
    case speaker::system:
      return "assistant";
    case speaker::tool:
      return "tool";
  }
  return "user";
}

bool takes(const chat_options& o, const attachment& a) {
  return (a.kind == modality::image && o.takes_images) ||
         (a.kind == modality::audio && o.takes_audio);
}

// "audio/wav" → "wav", as input_audio wants it.
std::string audio_format(const std::string& media_type) {
  if (media_type == "audio/mpeg") return "mp3";
  return media_type.substr(media_type.find('/') + 1);
}

// result<json> cannot be made of a json by itself, which converts to nearly everything.
result<json> made_of(json value) {
  return {boost::system::in_place_value, std::move(value)};
}

result<json> content_of(const chat_options& o, const std::string& text,
                        const std::vector<attachment>& attachments) {
  if (attachments.empty()) return made_of(text);
  json parts = json::array();
  if (!text.empty()) parts.push_back({{"type", "text"}, {"text", text}});
  for (const attachment& a : attachments) {
    if (!takes(o, a)) return fail(errc::unsupported, "This system takes no such attachment.");
    const auto bytes = read_file(a.file, largest_attachment);
    if (!bytes) return fail(errc::unsupported, "The attachment is too large for this system.");
    const std::string data = to_base64(*bytes);
    if (a.kind == modality::image) {
      const json url = {{"url", "data:" + a.media_type + ";base64," + data}};
      parts.push_back({{"type", "image_url"}, {"image_url", url}});
    } else {
      const json audio = {{"data", data}, {"format", audio_format(a.media_type)}};
      parts.push_back({{"type", "input_audio"}, {"input_audio", audio}});
    }
  }
  return made_of(std::move(parts));
}

result<json> messages_of(const chat_options& o, const generation_request& r) {
  json all = json::array();
  if (!o.instructions.empty()) all.push_back({{"role", "system"}, {"content", o.instructions}});
  for (const message& m : r.earlier) {
    auto content = content_of(o, m.text, m.attachments);
    if (!content) return content.error();
    json one = {{"role", role_of(m.from)}, {"content", std::move(*content)}};
    if (!m.tool_call_id.empty()) one["tool_call_id"] = m.tool_call_id;
    if (!m.tool_calls.empty()) {
      one["tool_calls"] = json::parse(m.tool_calls, nullptr, false);
      if (one["tool_calls"].is_discarded()) return fail(errc::unsupported, "No such tool calls.");
    }
    all.push_back(std::move(one));
  }
  // After a tool's answer the system goes on without a new prompt.
  if (r.prompt.empty() && r.attachments.empty() && !r.earlier.empty())
    return made_of(std::move(all));
  auto content = content_of(o, r.prompt, r.attachments);
  if (!content) return content.error();
  all.push_back({{"role", "user"}, {"content", std::move(*content)}});
  return made_of(std::move(all));
}

result<std::string> chat_body(const chat_options& o, const generation_request& r) {
  json body = json::object();
  if (!o.extra.empty()) body = json::parse(o.extra, nullptr, false);
  auto messages = messages_of(o, r);
  if (!messages) return messages.error();
  body["model"] = o.model;
  body["messages"] = std::move(*messages);
  if (o.stream) body["stream"] = true;
  if (o.stream && o.usage_in_stream) body["stream_options"] = {{"include_usage", true}};
  if (o.temperature) body["temperature"] = *o.temperature;
  if (o.max_tokens > 0) body[o.max_tokens_name] = o.max_tokens;
  if (o.send_seed) body["seed"] = r.seed & 0x7fff'ffffU;
  if (!r.tools.empty()) {
    if (!o.takes_tools) return fail(errc::unsupported, "This system knows no tools.");
    body["tools"] = json::parse(r.tools, nullptr, false);
    if (!body["tools"].is_array()) return fail(errc::unsupported, "No such tools.");
  }
  return print_json(body);
}

// One answer, in whichever of the two forms it comes.
class chat_reader {
 public:
  chat_reader(generation_listener& listener, std::uint64_t largest_text)
      : stream_(listener, largest_text), events_(largest_event), began_(chat_clock::now()) {}

  result<bool> take(const outgoing::answer& head, std::string_view piece) {
    const std::string_view type = head.header("content-type");
    if (type.starts_with("application/json")) {
      body_ += piece;
      return true;
    }
    if (!type.starts_with("text/event-stream")) return broken_answer();
    note_first();
    const auto found = events_.feed(piece);
    if (!found) return broken_answer();
    for (const outgoing::event& e : *found) {
      auto go_on = stream_.chunk(e.data);
      if (!go_on || !*go_on) return go_on;
    }
    return true;
  }

  result<raw_output> finish() {
    if (!body_.empty()) {
      const auto taken = stream_.whole(body_);
      if (!taken) return taken.error();
    }
    auto made = stream_.finish();
    if (made) made->first_seconds = first_;
    return made;
  }

 private:
  void note_first() {
    if (first_ <= 0) first_ = std::chrono::duration<double>(chat_clock::now() - began_).count();
  }

  chat_stream stream_;
  outgoing::event_parser events_;
  chat_clock::time_point began_;
  std::string body_;
  double first_ = 0;
};

awaitable<result<raw_output>> ask_chat(std::shared_ptr<const chat_options> o,
                                       outgoing::client& client, const generation_request& r,
                                       generation_listener& listener) {
  auto body = chat_body(*o, r);
  if (!body) co_return body.error();
  outgoing::request q;
  q.target = o->remote.path.empty() ? "/chat/completions" : o->remote.path;
  q.body = std::move(*body);
  if (o->stream) q.accept = "text/event-stream, application/json";
  chat_reader reader(listener, r.largest_text);
  const auto got = co_await client.fetch(
      std::move(q), [&reader](const outgoing::answer& head, std::string_view piece) {
        return reader.take(head, piece);
      });
  if (auto failed = failure_of(got)) co_return *failed;
  co_return reader.finish();
}

}  // namespace

result<std::unique_ptr<system>> make_chat_system(const boost::asio::any_io_executor& executor,
                                                 const chat_options& options) {
  if (options.model.empty())
    return error{errc::invalid_input, "model is missing", {{"/model", "is missing"}}, std::nullopt};
  if (!options.extra.empty() && !json::parse(options.extra, nullptr, false).is_object())
    return error{
        errc::invalid_input, "extra must be an object", {{"/extra", "must be an object"}}, {}};
  const auto o = std::make_shared<const chat_options>(options);
  return make_remote_system(
      executor, options.remote,
      [o](outgoing::client& client, const generation_request& r, const fs::path&,
          generation_listener& listener) { return ask_chat(o, client, r, listener); });
}

}  // namespace agon::systems
