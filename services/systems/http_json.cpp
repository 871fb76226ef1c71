#include "services/systems/http_json.hpp"

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

json template_messages(const generation_request& r) {
  json all = json::array();
  const auto add = [&all](const char* role, const std::string& text) {
    all.push_back({{"role", role}, {"content", text}});
  };
  for (const message& m : r.earlier) {
    const bool of_system = m.from == speaker::system;
    add(m.from == speaker::instructions ? "system" : of_system ? "assistant" : "user", m.text);
  }
  add("user", r.prompt);
  return all;
}

json template_request(const generation_request& r) {
  const json details = r.details.empty() ? json::object() : json::parse(r.details, nullptr, false);
  return details.is_object() ? details : json::object();
}

// What is filled in is never read for placeholders again.
std::string fill_text(const std::string& text, const generation_request& r) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto put = [&](std::string_view name, const std::string& value) {
      if (!rest.starts_with(name)) return false;
      out += value;
      at += name.size();
      return true;
    };
    if (rest.front() == '{' && (put("{prompt}", r.prompt) || put("{language}", r.language) ||
                                put("{seed}", std::to_string(r.seed)) ||
                                put("{request}", print_json(template_request(r)))))
      continue;
    out += text[at++];
  }
  return out;
}

json fill(const json& t, const generation_request& r) {
  if (t.is_string()) {
    const auto& text = t.get_ref<const std::string&>();
    if (text == "{seed}") return r.seed;
    if (text == "{request}") return template_request(r);
    if (text == "{messages}") return template_messages(r);
    return fill_text(text, r);
  }
  json out = t;
  if (t.is_structured())
    for (auto it = out.begin(); it != out.end(); ++it) *it = fill(*it, r);
  return out;
}

bool mentions(const json& t, std::string_view placeholder) {
  if (t.is_string()) return t.get_ref<const std::string&>().find(placeholder) != std::string::npos;
  if (!t.is_structured()) return false;
  return std::any_of(t.begin(), t.end(), [&](const json& e) { return mentions(e, placeholder); });
}

const json* at_pointer(const json& answer, const std::string& pointer) {
  const json::json_pointer p(pointer);
  return answer.contains(p) ? &answer.at(p) : nullptr;
}

std::optional<std::uint64_t> count_at(const json& answer, const std::string& pointer) {
  if (pointer.empty()) return std::nullopt;
  const json* found = at_pointer(answer, pointer);
  if (found == nullptr || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

struct http_json_plan {
  http_json_options options;
  json body;
  bool takes_turns = false;
};

awaitable<result<std::string>> media_at(const http_json_options& o, outgoing::client& client,
                                        const std::string& found) {
  if (o.output_as == "url") {
    auto bytes = co_await fetch_from_same_host(client, found, "*/*");
    co_return bytes;
  }
  auto bytes = from_base64(found);
  if (!bytes) co_return broken_answer();
  co_return std::move(*bytes);
}

result<raw_output> text_output(const std::string& found, const generation_request& r,
                               generation_listener& listener) {
  text_cleaner cleaner(r.largest_text);
  auto shown = cleaner.feed(found);
  if (!shown || !cleaner.ended_whole() || shown->empty()) return broken_answer();
  raw_output made;
  made.media_type = "text/plain";
  made.text = std::move(*shown);
  if (cleaner.cut_off()) made.end = ending::cut_off;
  listener.on_text(made.text);
  return made;
}

awaitable<result<raw_output>> ask_http_json(std::shared_ptr<const http_json_plan> plan,
                                            outgoing::client& client, const generation_request& r,
                                            const fs::path& scratch,
                                            generation_listener& listener) {
  const http_json_options& o = plan->options;
  if ((!r.earlier.empty() && !plan->takes_turns) || !r.attachments.empty())
    co_return fail(errc::unsupported, "This system answers a single text without attachments.");
  outgoing::request q;
  q.target = o.remote.path;
  q.body = print_json(fill(plan->body, r));
  q.accept = "*/*";
  const auto got = co_await client.fetch(std::move(q));
  raw_output made;
  if (o.output_at.empty()) {
    if (auto failed = failure_of(got)) co_return *failed;
    const auto kept = keep_received(got->body, o.output, scratch, made);
    if (!kept) co_return kept.error();
    co_return made;
  }
  const auto answer = json_of(got, client.options().sizes.body);
  if (!answer) co_return answer.error();
  const json* found = at_pointer(*answer, o.output_at);
  if (found == nullptr || !found->is_string()) co_return broken_answer();
  const auto& text = found->get_ref<const std::string&>();
  if (o.output == modality::text) {
    auto written = text_output(text, r, listener);
    if (!written) co_return written.error();
    made = std::move(*written);
  } else {
    const auto bytes = co_await media_at(o, client, text);
    if (!bytes) co_return bytes.error();
    const auto kept = keep_received(*bytes, o.output, scratch, made);
    if (!kept) co_return kept.error();
  }
  made.used.input_tokens = count_at(*answer, o.input_tokens_at);
  made.used.output_tokens = count_at(*answer, o.output_tokens_at);
  co_return made;
}

bool is_pointer(const std::string& text) {
  try {
    const json::json_pointer parsed(text);
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

}  // namespace

std::vector<field_error> check_http_json(const http_json_options& o) {
  auto wrong = check_remote(o.remote);
  const json body = json::parse(o.body, nullptr, false);
  if (!body.is_structured()) {
    wrong.push_back({"/request", "must be a mapping or a list"});
  } else if (!mentions(body, "{prompt}") && !mentions(body, "{messages}") &&
             !mentions(body, "{request}")) {
    wrong.push_back({"/request", "must have a place for {prompt}, {messages} or {request}"});
  }
  for (const auto& [field, pointer] :
       {std::pair{"/output_at", &o.output_at}, std::pair{"/input_tokens_at", &o.input_tokens_at},
        std::pair{"/output_tokens_at", &o.output_tokens_at}}) {
    if (!is_pointer(*pointer))
      wrong.push_back({field, "must be a JSON Pointer such as /data/0/text"});
  }
  if (o.output == modality::text && o.output_at.empty())
    wrong.push_back({"/output_at", "is needed for text"});
  if (o.output_as != "base64" && o.output_as != "url")
    wrong.push_back({"/output_as", "must be base64 or url"});
  return wrong;
}

result<std::unique_ptr<system>> make_http_json_system(const boost::asio::any_io_executor& executor,
                                                      const http_json_options& options) {
  auto wrong = check_http_json(options);
  if (!wrong.empty())
    return error{errc::invalid_input, wrong[0].field.substr(1) + " " + wrong[0].reason,
                 std::move(wrong), std::nullopt};
  auto plan = std::make_shared<http_json_plan>();
  plan->options = options;
  plan->body = json::parse(options.body, nullptr, false);
  plan->takes_turns = mentions(plan->body, "{messages}");
  const std::shared_ptr<const http_json_plan> shared = std::move(plan);
  return make_remote_system(executor, options.remote,
                            [shared](outgoing::client& client, const generation_request& r,
                                     const fs::path& scratch, generation_listener& listener) {
                              return ask_http_json(shared, client, r, scratch, listener);
                            });
}

}  // namespace agon::systems
