#include "services/participants/routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"

namespace agon::participants {
namespace {

using json = nlohmann::json;

json session_json(const participant_api& api, const std::vector<consent>& consents) {
  json list = json::array();
  for (const consent& c : consents) {
    const auto terms = api.terms.terms_by_id(c.arena);
    if (!terms) continue;
    list.push_back({{"arena", terms->slug},
                    {"text_sha256", c.text_sha256},
                    {"purposes", c.purposes},
                    {"current", terms->text_sha256 == c.text_sha256}});
  }
  return {{"consents", std::move(list)}};
}

// Reads and checks what was agreed to.
result<consent> read_consent(const http::request& r, const consent_terms& terms) {
  const auto body = parse_object(r.body);
  if (!body) return body.error();
  json_reader in(*body);
  consent c;
  c.arena = terms.arena;
  c.text_sha256 = in.text("text_sha256", {.min = 64, .max = 64});
  c.purposes = in.texts("purposes", 1, 8, {.min = 1, .max = 64});
  std::sort(c.purposes.begin(), c.purposes.end());
  c.purposes.erase(std::unique(c.purposes.begin(), c.purposes.end()), c.purposes.end());
  const auto has = [](const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  for (const std::string& p : c.purposes)
    if (!has(terms.purposes, p))
      in.complain("purposes", "holds a purpose that this arena does not ask for");
  for (const std::string& p : terms.required)
    if (!c.purposes.empty() && !has(c.purposes, p)) in.complain("purposes", "must hold " + p);
  if (auto bad = in.finish()) return *bad;
  if (c.text_sha256 != terms.text_sha256)
    return fail(errc::consent_outdated,
                "The terms have changed. Read the new text and agree again.");
  return c;
}

awaitable<http::response> get_session(participant_api& api, const http::request& r) {
  std::vector<consent> consents;
  if (const auto who = api.who.find(r)) {
    auto found = co_await api.store.consents(*who);
    if (!found) co_return http::problem(found.error(), r.request_id);
    consents = std::move(*found);
  }
  co_return http::json(print_json(session_json(api, consents)));
}

awaitable<http::response> give_consent(participant_api& api, const http::request& r) {
  const auto terms = api.terms.terms_by_slug(r.parameter("arena"));
  if (!terms)
    co_return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
  auto agreed = read_consent(r, *terms);
  if (!agreed) co_return http::problem(agreed.error(), r.request_id);
  const auto allowed =
      co_await api.limiter.take("consent-address", r.client_network(), api.consents_per_address);
  if (!allowed) co_return http::problem(allowed.error(), r.request_id);
  agreed->given_at = api.clock.now();
  const auto known = api.who.find(r);
  bool returns = false;
  if (known) {
    // Whoever was erased begins as somebody new, whatever their cookie says.
    const auto earlier = co_await api.store.consents(*known);
    if (!earlier) co_return http::problem(earlier.error(), r.request_id);
    returns = !earlier->empty();
  }
  const participant_id who = returns ? *known : api.ids.make<participant_id>();
  const auto kept = co_await api.store.give_consent(who, std::move(*agreed));
  if (!kept) co_return http::problem(kept.error(), r.request_id);
  auto consents = co_await api.store.consents(who);
  if (!consents) co_return http::problem(consents.error(), r.request_id);
  auto answer = http::json(print_json(session_json(api, *consents)));
  answer.set("Set-Cookie", api.who.cookie_for(who));
  co_return answer;
}

}  // namespace

void add_routes(http::router& router, participant_api& api) {
  router.add(http::method::get, "/api/v1/session",
             [&api](const http::request& r) { return get_session(api, r); });
  router.add(http::method::post, "/api/v1/arenas/{arena:slug}/consent",
             [&api](const http::request& r) { return give_consent(api, r); });
}

}  // namespace agon::participants
