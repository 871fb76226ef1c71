#include "services/participants/rights_routes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "services/core/json_reader.hpp"
#include "services/participants/capability.hpp"
#include "services/participants/data_export.hpp"

namespace agon::participants {
namespace {

using rights_json = nlohmann::json;

// Whoever asks, and what proves it.
struct claimant {
  participant_id id;
  bool by_link = false;
};

// A link counts alone: a wrong one is not made good by a cookie.
awaitable<result<claimant>> claimant_of(rights_api& api, const http::request& r) {
  claimant who;
  const std::string_view authorization = r.header("authorization");
  if (authorization.empty()) {
    const auto session = api.who.require(r);
    if (!session) co_return session.error();
    who.id = *session;
  } else {
    const auto allowed =
        co_await api.limiter.take("link-address", r.client_network(), integrity::links_per_address);
    if (!allowed) co_return allowed.error();
    const auto capability = capability_of(authorization);
    std::optional<participant_id> found;
    if (capability) {
      const auto known = co_await api.store.by_link(capability_hash(*capability));
      if (!known) co_return known.error();
      found = *known;
    }
    if (!found)
      co_return fail(errc::unauthenticated,
                     "This link is not valid, or not any more: a newer one takes its place.");
    who = {*found, true};
  }
  const auto allowed = co_await api.limiter.take("rights-participant", to_string(who.id),
                                                 integrity::rights_per_participant);
  if (!allowed) co_return allowed.error();
  co_return who;
}

rights_json consents_view(const std::vector<held_consent>& consents) {
  rights_json list = rights_json::array();
  for (const held_consent& c : consents)
    list.push_back({{"arena", c.arena},
                    {"text_sha256", c.text_sha256},
                    {"purposes", c.purposes},
                    {"given_at", to_rfc3339(c.given_at)}});
  return list;
}

rights_json holdings_view(const claimant& who, const holdings& h) {
  rights_json sealed = rights_json::array();
  for (const sealed_votes& s : h.sealed)
    sealed.push_back({{"arena", s.arena}, {"partition", s.partition}, {"votes", s.votes}});
  rights_json out{
      {"participant",
       {{"id", to_string(who.id)}, {"source", h.source}, {"since", to_rfc3339(h.since)}}},
      {"shown_by", who.by_link ? "link" : "session"},
      {"counts",
       {{"battles", h.battles},
        {"votes", h.votes},
        {"votes_taken_back", h.votes_taken_back},
        {"other_judgments", h.other_judgments},
        {"outputs", h.outputs},
        {"files", h.files},
        {"exposures", h.exposures}}},
      {"consents", consents_view(h.consents)},
      {"sealed", std::move(sealed)}};
  if (h.link_made_at) out["link_made_at"] = to_rfc3339(*h.link_made_at);
  return out;
}

awaitable<http::response> show_holdings(rights_api& api, claimant who, const http::request& r) {
  const auto held = co_await api.store.held(who.id);
  if (!held) co_return http::problem(held.error(), r.request_id);
  if (!*held)
    co_return http::problem(fail(errc::not_found, "Nothing is held about you."), r.request_id);
  co_return http::json(print_json(holdings_view(who, **held)));
}

// GET /api/v1/my-data
awaitable<http::response> get_my_data(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  co_return co_await show_holdings(api, *who, r);
}

// The pieces of an export, of which the first was made before the answer began.
struct export_under_way {
  data_export document;
  std::string first;
};

awaitable<result<std::string>> next_piece(std::shared_ptr<export_under_way> e) {
  if (!e->first.empty()) co_return std::exchange(e->first, std::string());
  co_return co_await e->document.next();
}

// GET /api/v1/my-data/export
awaitable<http::response> get_export(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  const auto allowed = co_await api.limiter.take("export-participant", to_string(who->id),
                                                 integrity::exports_per_participant);
  if (!allowed) co_return http::problem(allowed.error(), r.request_id);
  auto e = std::make_shared<export_under_way>(
      export_under_way{data_export(api.store, who->id, api.clock.now()), {}});
  auto first = co_await e->document.next();
  if (!first) co_return http::problem(first.error(), r.request_id);
  e->first = std::move(*first);
  const auto noted = co_await api.store.note(actor::participant, "export", "participant", 1);
  if (!noted) co_return http::problem(noted.error(), r.request_id);
  http::response answer;
  answer.set("Content-Disposition", "attachment; filename=\"agon-my-data.json\"");
  answer.body = http::text_stream{[e] { return next_piece(e); }};
  co_return answer;
}

// POST /api/v1/my-data/link
awaitable<http::response> post_link(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  const secret capability = new_capability(api.random);
  const time_point now = api.clock.now();
  const auto put = co_await api.store.put_link(who->id, capability_hash(capability), now);
  if (!put) co_return http::problem(put.error(), r.request_id);
  if (!*put)
    co_return http::problem(fail(errc::not_found, "Nothing is held about you."), r.request_id);
  co_return http::json(
      print_json({{"link", "/my-data#" + capability.reveal()}, {"made_at", to_rfc3339(now)}}), 201);
}

// DELETE /api/v1/my-data/link
awaitable<http::response> delete_link(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  const auto dropped = co_await api.store.drop_link(who->id);
  if (!dropped) co_return http::problem(dropped.error(), r.request_id);
  co_return co_await show_holdings(api, *who, r);
}

// What to withdraw. Texts are published beside votes alone, so they go with them.
result<std::vector<std::string>> read_purposes(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return object.error();
  json_reader in(*object);
  std::vector<std::string> purposes = in.texts("purposes", 1, 2, {.min = 1, .max = 64});
  for (const std::string& p : purposes)
    if (p != "publish_votes" && p != "publish_text")
      in.complain("purposes", "must be publish_votes or publish_text");
  if (auto bad = in.finish()) return *bad;
  const auto has = [&](const char* name) {
    return std::find(purposes.begin(), purposes.end(), name) != purposes.end();
  };
  if (has("publish_votes") && !has("publish_text")) purposes.emplace_back("publish_text");
  return purposes;
}

// POST /api/v1/my-data/withdrawal
awaitable<http::response> post_release_withdrawal(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  auto purposes = read_purposes(r.body);
  if (!purposes) co_return http::problem(purposes.error(), r.request_id);
  const auto done = co_await api.store.decline(who->id, std::move(*purposes), api.clock.now());
  if (!done) co_return http::problem(done.error(), r.request_id);
  co_return co_await show_holdings(api, *who, r);
}

result<void> read_erasure(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return object.error();
  json_reader in(*object);
  in.one_of("erase", {"everything"});
  if (auto bad = in.finish()) return *bad;
  return {boost::system::in_place_value};
}

// POST /api/v1/my-data/erasure
awaitable<http::response> post_erasure(rights_api& api, const http::request& r) {
  const auto who = co_await claimant_of(api, r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  if (const auto asked = read_erasure(r.body); !asked)
    co_return http::problem(asked.error(), r.request_id);
  const auto done = co_await api.erase.run(who->id, actor::participant);
  if (!done) co_return http::problem(done.error(), r.request_id);
  auto answer =
      http::json(print_json({{"complete", done->complete},
                             {"erased",
                              {{"battles", done->rows.battles},
                               {"votes", done->rows.votes},
                               {"other_judgments", done->rows.judgments - done->rows.votes},
                               {"outputs", done->rows.outputs},
                               {"files", done->files},
                               {"exposures", done->rows.exposures}}}}),
                 done->complete ? 200 : 202);
  if (api.who.find(r) == who->id) answer.set("Set-Cookie", api.who.cookie_of_nobody());
  co_return answer;
}

constexpr http::route_options short_bodies{.max_body = 1024};

}  // namespace

void add_rights_routes(http::router& router, rights_api& api) {
  const auto add = [&](http::method verb, std::string_view path, auto handler) {
    router.add(
        verb, path, [&api, handler](const http::request& r) { return handler(api, r); },
        short_bodies);
  };
  add(http::method::get, "/api/v1/my-data", &get_my_data);
  add(http::method::get, "/api/v1/my-data/export", &get_export);
  add(http::method::post, "/api/v1/my-data/link", &post_link);
  add(http::method::delete_, "/api/v1/my-data/link", &delete_link);
  add(http::method::post, "/api/v1/my-data/withdrawal", &post_release_withdrawal);
  add(http::method::post, "/api/v1/my-data/erasure", &post_erasure);
}

}  // namespace agon::participants
