#include "services/arena/adapter_file.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

using namespace std::chrono_literals;

std::vector<systems::prompt_rule> read_prompt_rules(yaml_reader& in) {
  constexpr std::size_t longest = 400;
  std::vector<systems::prompt_rule> out;
  for (yaml_reader& item : in.mappings("prompt_replace", 0, 16)) {
    systems::prompt_rule r;
    r.text = item.text_or("text", "", longest);
    r.pattern = item.text_or("pattern", "", longest);
    r.with = item.text_or("with", "", longest);
    for (const field_error& f : systems::check_prompt_rules({r}))
      item.complain(std::string_view(f.field).substr(3), f.reason);  // behind "/0/"
    item.end();
    out.push_back(std::move(r));
  }
  return out;
}

systems::command_options read_command(yaml_reader in) {
  systems::command_options out;
  out.argv = in.texts("argv", 1, 64);
  out.prompt_replace = read_prompt_rules(in);
  const std::string format = in.text_or("output", "wav");
  if (const auto parsed = systems::parse_output_format(format))
    out.output = *parsed;
  else
    in.complain("output", "must be one of wav, flac, mp3, ogg, text");
  out.language = in.text_or("language", out.language, 16);
  out.timeout = in.duration_or("timeout", out.timeout, 10min);
  out.grace = in.duration_or("grace", out.grace, 10s);
  out.cpu = std::chrono::ceil<std::chrono::seconds>(in.duration_or("cpu", out.cpu, 10min));
  out.memory_bytes = in.bytes_or("memory", out.memory_bytes, 1ULL << 40U);
  out.output_bytes = in.bytes_or("output_size", out.output_bytes, 1ULL << 32U);
  out.concurrency = static_cast<unsigned>(in.integer_or("concurrency", out.concurrency, 1, 256));
  out.queue = static_cast<unsigned>(in.integer_or("queue", out.queue, 0, 10'000));
  out.environment = in.texts("environment", 0, 64);
  in.end();
  return out;
}

systems::pool_options read_pool(yaml_reader in) {
  systems::pool_options out;
  out.jsonl = in.text("jsonl", 1000);
  out.media_root = in.text_or("media_root", out.jsonl.parent_path().string(), 1000);
  in.end();
  return out;
}

// "/headers_from/X-Key" of a complaint belongs to the key "headers_from".
void complain_of(yaml_reader& in, const std::vector<field_error>& wrong) {
  for (const field_error& f : wrong) {
    const std::string_view pointer = std::string_view(f.field).substr(1);
    const std::size_t slash = pointer.find('/');
    const std::string_view key = pointer.substr(0, slash);
    const std::string part =
        slash == std::string_view::npos ? "" : std::string(pointer.substr(slash + 1)) + " ";
    in.complain(key, part + f.reason);
  }
}

// Of a file that is read as a whole elsewhere: what stands here is an environment variable's
// name, and whoever writes the key itself is told so before it gets any further.
void refuse_secrets(yaml_reader& in) {
  for (const char* key : {"key", "api_key", "token", "authorization"}) {
    if (!in.has(key)) continue;
    in.text_or(key, "", 10'000);
    in.complain(key,
                "must not stand in the file: put it into an environment variable and its "
                "name under key_from");
  }
}

systems::remote_options read_remote(yaml_reader& in) {
  systems::remote_options out;
  refuse_secrets(in);
  const bool has_url = in.has("url");
  out.url = in.text("url", 2000);
  out.path = in.text_or("path", "", 1000);
  out.key_from = in.text_or("key_from", "", 200);
  out.headers_from = in.pairs("headers_from", 16);
  out.private_network = in.boolean_or("private_network", false);
  out.ca_file = in.text_or("ca_file", "", 1000);
  out.timeout = in.duration_or("timeout", out.timeout, 30min);
  out.connect = in.duration_or("connect", out.connect, 1min);
  out.first_byte = in.duration_or("first_byte", out.first_byte, 30min);
  out.idle = in.duration_or("idle", out.idle, 10min);
  out.output_bytes = in.bytes_or("output_size", out.output_bytes, 256ULL << 20U);
  out.concurrency = static_cast<unsigned>(in.integer_or("concurrency", out.concurrency, 1, 1000));
  out.queue = static_cast<unsigned>(in.integer_or("queue", out.queue, 0, 10'000));
  out.queue_wait = in.duration_or("queue_wait", out.queue_wait, 10min);
  out.requests_per_minute = in.number_or("requests_per_minute", 0, 0, 1e6);
  out.attempts = static_cast<unsigned>(in.integer_or("attempts", out.attempts, 1, 10));
  if (has_url) complain_of(in, check_remote(out));
  return out;
}

systems::chat_options read_chat(yaml_reader in) {
  systems::chat_options out;
  out.remote = read_remote(in);
  out.model = in.text("model", 200);
  out.instructions = in.text_or("instructions", "", 20'000);
  if (in.has("temperature")) out.temperature = in.number_or("temperature", 1, 0, 10);
  out.max_tokens = static_cast<std::uint64_t>(in.integer_or("max_tokens", 0, 0, 1'000'000));
  out.max_tokens_name = in.text_or("max_tokens_name", out.max_tokens_name, 40);
  if (out.max_tokens_name != "max_tokens" && out.max_tokens_name != "max_completion_tokens")
    in.complain("max_tokens_name", "must be max_tokens or max_completion_tokens");
  out.stream = in.boolean_or("stream", out.stream);
  out.usage_in_stream = in.boolean_or("usage_in_stream", out.usage_in_stream);
  out.send_seed = in.boolean_or("send_seed", out.send_seed);
  for (const std::string& kind : in.texts("attachments", 0, 2, 16)) {
    if (kind == "image") out.takes_images = true;
    if (kind == "audio") out.takes_audio = true;
    if (kind != "image" && kind != "audio")
      in.complain("attachments", "may hold image and audio alone");
  }
  out.takes_tools = in.boolean_or("tools", false);
  out.extra = in.json("extra", false);
  in.end();
  return out;
}

systems::images_options read_images(yaml_reader in) {
  systems::images_options out;
  out.remote = read_remote(in);
  out.model = in.text_or("model", "", 200);
  out.size = in.text_or("size", "", 20);
  const std::string format = in.text_or("response_format", out.response_format, 20);
  if (format != "b64_json" && format != "url" && format != "none")
    in.complain("response_format", "must be one of b64_json, url, none");
  out.response_format = format == "none" ? "" : format;
  out.extra = in.json("extra", false);
  in.end();
  return out;
}

systems::speech_options read_speech(yaml_reader in) {
  systems::speech_options out;
  out.remote = read_remote(in);
  out.model = in.text("model", 200);
  out.voice = in.text_or("voice", "", 200);
  out.format = in.text_or("format", out.format, 20);
  static constexpr std::string_view known[] = {"wav", "flac", "mp3", "opus", "aac"};
  if (std::find(std::begin(known), std::end(known), out.format) == std::end(known))
    in.complain("format", "must be one of wav, flac, mp3, opus, aac");
  out.extra = in.json("extra", false);
  in.end();
  return out;
}

systems::music_arena_options read_music_arena(yaml_reader in) {
  systems::music_arena_options out;
  out.remote = read_remote(in);
  out.instrumental = in.boolean_or("instrumental", out.instrumental);
  if (in.has("duration")) out.duration = in.number_or("duration", 30, 1, 3600);
  in.end();
  return out;
}

systems::http_json_options read_http_json(yaml_reader in) {
  systems::http_json_options out;
  const bool has_url = in.has("url");
  out.remote = read_remote(in);
  const std::string kind = in.text_or("output", "text", 10);
  if (kind == "audio") out.output = systems::modality::audio;
  if (kind == "image") out.output = systems::modality::image;
  if (kind != "audio" && kind != "image" && kind != "text")
    in.complain("output", "must be one of text, audio, image");
  out.body = in.json("request", true);
  out.output_at = in.text_or("output_at", "", 400);
  out.output_as = in.text_or("output_as", out.output_as, 10);
  out.input_tokens_at = in.text_or("input_tokens_at", "", 400);
  out.output_tokens_at = in.text_or("output_tokens_at", "", 400);
  if (has_url && !out.body.empty()) {
    // What is the same for all remote systems was said above.
    auto wrong = check_http_json(out);
    const auto said = check_remote(out.remote);
    wrong.erase(wrong.begin(), wrong.begin() + static_cast<std::ptrdiff_t>(said.size()));
    complain_of(in, wrong);
  }
  in.end();
  return out;
}

}  // namespace

systems::system_spec read_adapter(yaml_reader& entry) {
  const std::string adapter = entry.text("adapter");
  if (adapter == "command") return read_command(entry.mapping(adapter, true));
  if (adapter == "pool") return read_pool(entry.mapping(adapter, true));
  if (adapter == "openai-chat") return read_chat(entry.mapping(adapter, true));
  if (adapter == "openai-images") return read_images(entry.mapping(adapter, true));
  if (adapter == "openai-speech") return read_speech(entry.mapping(adapter, true));
  if (adapter == "music-arena") return read_music_arena(entry.mapping(adapter, true));
  if (adapter == "http-json") return read_http_json(entry.mapping(adapter, true));
  if (!adapter.empty())
    entry.complain("adapter",
                   "must be one of command, pool, openai-chat, openai-images, openai-speech, "
                   "music-arena, http-json");
  return systems::command_options{};
}

systems::price_list read_prices(yaml_reader& entry) {
  constexpr double most = 1e6;
  systems::price_list out;
  if (!entry.has("prices")) {
    entry.mapping("prices", false);
    return out;
  }
  yaml_reader in = entry.mapping("prices", true);
  out.currency = in.text("currency", 3);
  const bool code =
      out.currency.size() == 3 && std::all_of(out.currency.begin(), out.currency.end(),
                                              [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!out.currency.empty() && !code) in.complain("currency", "must be a code such as USD");
  out.per_million_input_tokens = in.number_or("per_million_input_tokens", 0, 0, most);
  out.per_million_output_tokens = in.number_or("per_million_output_tokens", 0, 0, most);
  out.per_million_characters = in.number_or("per_million_characters", 0, 0, most);
  out.per_output = in.number_or("per_output", 0, 0, most);
  out.per_output_second = in.number_or("per_output_second", 0, 0, most);
  in.end();
  return out;
}

}  // namespace agon::arena
