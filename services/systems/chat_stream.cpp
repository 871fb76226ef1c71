#include "services/systems/chat_stream.hpp"

#include <nlohmann/json.hpp>

#include "services/systems/remote_answer.hpp"

namespace agon::systems {
namespace {

using json = nlohmann::json;

constexpr std::size_t largest_chunk = 1024UL * 1024;
constexpr std::size_t most_calls = 64;
constexpr std::size_t largest_calls = 256UL * 1024;
constexpr std::size_t longest_model = 200;

ending ending_of(std::string_view reason) {
  if (reason == "length") return ending::cut_off;
  if (reason == "content_filter") return ending::refused;
  if (reason == "tool_calls" || reason == "function_call") return ending::tool_calls;
  return ending::complete;
}

// An error inside a stream, after a status of 200: the code is a word (OpenAI) or the
// status that it would have been (OpenRouter).
error provider_error(const json& told) {
  const auto* word = text_member(told, "code");
  const std::string_view code = word == nullptr ? std::string_view() : *word;
  outgoing::answer as_if;
  as_if.status = static_cast<unsigned>(count_member(told, "code").value_or(500));
  if (code == "rate_limit_exceeded" || code == "insufficient_quota") as_if.status = 429;
  if (code == "invalid_api_key" || code == "model_not_found") as_if.status = 401;
  if (code == "content_filter" || code == "content_policy_violation") as_if.status = 400;
  return failure_of(as_if).value_or(broken_answer());
}

}  // namespace

result<bool> chat_stream::chunk(std::string_view data) {
  if (data == "[DONE]") {
    ended_ = true;
    return false;
  }
  const auto part = parse_answer(data, largest_chunk);
  if (!part) return part.error();
  return take(*part, "delta");
}

result<void> chat_stream::whole(std::string_view body) {
  const auto part = parse_answer(body, body.size());
  if (!part) return part.error();
  const auto taken = take(*part, "message");
  if (!taken) return taken.error();
  ended_ = true;
  return {};
}

result<bool> chat_stream::take(const json& part, const char* message_name) {
  if (const json* told = member(part, "error")) return provider_error(*told);
  read_usage(part, made_.used);
  if (const auto* model = text_member(part, "model"); model != nullptr && made_.model.empty())
    made_.model = model->substr(0, longest_model);
  const json* choices = member(part, "choices");
  // The chunk with the token counts has no choices.
  if (choices == nullptr || !choices->is_array() || choices->empty()) return true;
  const json& choice = choices->front();
  if (const json* message = member(choice, message_name)) {
    for (const char* name : {"content", "refusal"}) {
      const auto* text = text_member(*message, name);
      if (text == nullptr || text->empty()) continue;
      if (*name == 'r') made_.end = ending::refused;
      auto go_on = take_text(*text);
      if (!go_on || !*go_on) return go_on;
    }
    const json* calls = member(*message, "tool_calls");
    if (calls != nullptr && !take_tool_calls(*calls)) return broken_answer();
  }
  if (const auto* reason = text_member(choice, "finish_reason")) {
    ended_ = true;
    if (made_.end == ending::complete) made_.end = ending_of(*reason);
  }
  return true;
}

result<bool> chat_stream::take_text(std::string_view text) {
  const auto shown = cleaner_.feed(text);
  if (!shown) return broken_answer();
  if (!shown->empty()) {
    made_.text += *shown;
    listener_.on_text(*shown);
  }
  if (!cleaner_.cut_off()) return true;
  made_.end = ending::cut_off;
  ended_ = true;
  return false;
}

bool chat_stream::take_tool_calls(const json& calls) {
  if (!calls.is_array()) return false;
  for (const json& c : calls) {
    // Whole completions have no index: their calls stand in order.
    const auto index = count_member(c, "index").value_or(calls_.size());
    if (index >= most_calls) return false;
    tool_call& call = calls_[index];
    if (const auto* id = text_member(c, "id"); id != nullptr && call.id.empty()) call.id = *id;
    const json* function = member(c, "function");
    if (function == nullptr) continue;
    if (const auto* name = text_member(*function, "name"); name != nullptr && call.name.empty())
      call.name = *name;
    if (const auto* arguments = text_member(*function, "arguments")) call.arguments += *arguments;
    call_bytes_ += c.dump(-1, ' ', false, json::error_handler_t::replace).size();
    if (call_bytes_ > largest_calls) return false;
  }
  return true;
}

result<raw_output> chat_stream::finish() {
  if (!ended_ || !cleaner_.ended_whole()) return broken_answer();
  if (!calls_.empty()) {
    json all = json::array();
    for (const auto& [index, c] : calls_)
      all.push_back({{"id", c.id},
                     {"type", "function"},
                     {"function", {{"name", c.name}, {"arguments", c.arguments}}}});
    made_.tool_calls = all.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  if (made_.text.empty() && calls_.empty()) {
    if (made_.end == ending::refused)
      return fail(errc::unsupported, "This system refuses to answer this prompt.");
    return fail(errc::system_failed, "The system wrote no output.");
  }
  made_.media_type = "text/plain";
  return std::move(made_);
}

}  // namespace agon::systems
