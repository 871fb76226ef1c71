#include "services/systems/remote_answer.hpp"

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/clock.hpp"
#include "services/outgoing/client.hpp"

namespace agon::systems {

using json = nlohmann::json;

error broken_answer() {
  return fail(errc::system_failed, "The system's answer was broken.");
}

std::optional<error> failure_of(const result<outgoing::answer>& got) {
  if (!got) return got.error();
  return outgoing::refusal_of(*got, system_clock_source{}.now());
}

result<json> parse_answer(std::string_view text, std::size_t largest) {
  auto parsed = crypto::parse_json(text, {.bytes = largest, .depth = 64});
  if (!parsed || !parsed->is_object()) return broken_answer();
  return {boost::system::in_place_value, std::move(*parsed)};
}

result<json> json_of(const result<outgoing::answer>& got, std::size_t largest) {
  if (auto failed = failure_of(got)) return *failed;
  return parse_answer(got->body, largest);
}

awaitable<result<std::string>> fetch_from_same_host(outgoing::client& client, std::string url,
                                                    std::string accept) {
  const auto& here = client.options().target;
  auto target = outgoing::target_at(here, url);
  if (!target) co_return target.error();
  outgoing::request q;
  q.post = false;
  q.target = std::move(*target);
  q.whole_target = true;
  q.accept = std::move(accept);
  auto got = co_await client.fetch(std::move(q));
  if (auto failed = failure_of(got)) co_return *failed;
  co_return std::move(got->body);
}

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(name);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

const std::string* text_member(const json& object, const char* name) {
  const json* m = member(object, name);
  return m != nullptr && m->is_string() ? &m->get_ref<const std::string&>() : nullptr;
}

std::optional<std::uint64_t> count_member(const json& object, const char* name) {
  const json* m = member(object, name);
  if (m == nullptr || !m->is_number_unsigned()) return std::nullopt;
  return m->get<std::uint64_t>();
}

void read_usage(const json& answer, usage& into) {
  const json* told = member(answer, "usage");
  if (told == nullptr) return;
  const auto first_of = [&](const char* a, const char* b) {
    const auto found = count_member(*told, a);
    return found ? found : count_member(*told, b);
  };
  if (const auto n = first_of("prompt_tokens", "input_tokens")) into.input_tokens = n;
  if (const auto n = first_of("completion_tokens", "output_tokens")) into.output_tokens = n;
}

}  // namespace agon::systems
