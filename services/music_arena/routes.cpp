#include "services/music_arena/routes.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include "privacy/crypto/encoding.hpp"
#include "services/core/json_reader.hpp"
#include "services/music_arena/listening.hpp"
#include "services/music_arena/messages.hpp"
#include "services/routing/rules.hpp"

namespace agon::music_arena {
namespace {

using json = nlohmann::json;
using namespace std::chrono_literals;

// How often a battle that is being made is looked up. Look-ups of all that wait run as one
// statement.
constexpr auto look_up_interval = 150ms;
// Longer than any battle takes to be made or to fail; their front end waits for 180 s.
constexpr auto longest_making = 120s;
constexpr std::string_view usual_variant = "initial";

result<arena::arena_ptr> arena_of(const facade_api& api) {
  arena::arena_ptr found = api.arena.arenas.find(api.settings.arena);
  if (!found) return fail(errc::unavailable, "The arena of this gateway is not open.");
  const auto& a = found->definition;
  if (a.kind != systems::modality::audio || a.slots != 2)
    return fail(errc::unavailable, "The arena of this gateway is not one of two recordings.");
  return found;
}

system_key key_of(const facade_api& api, const std::string& slug) {
  const auto named = api.settings.systems.find(slug);
  return named == api.settings.systems.end() ? system_key{slug, std::string(usual_variant)}
                                             : named->second;
}

// What a client says of itself, as one text that no other saying makes.
std::string spelled(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view p : parts) out.append(std::to_string(p.size())).append(":").append(p);
  return out;
}

participant_id participant_of(const facade_api& api, const visitor& v) {
  const auto digest = api.key.sign(spelled({"participant", v.session, v.address, v.fingerprint}));
  participant_id out;
  std::copy_n(digest.begin(), out.value.bytes.size(), out.value.bytes.begin());
  // Version 8, "as the maker likes": it can be no session's of Agon's own, whose are of version 7.
  out.value.bytes[6] = static_cast<std::uint8_t>((out.value.bytes[6] & 0x0F) | 0x80);
  out.value.bytes[8] = static_cast<std::uint8_t>((out.value.bytes[8] & 0x3F) | 0x80);
  return out;
}

std::string idempotency_key(const facade_api& api, std::string_view kind, std::string_view what) {
  return "ma-" +
         crypto::to_hex(crypto::bytes_of(api.key.sign(spelled({kind, what}))).substr(0, 20));
}

// Whose limits are counted beside the participant's: an address (of IPv6 its network), or of a
// front end, from which all its people come, a user as it names them.
std::string limited_by(const facade_api& api, const http::request& r, const visitor& v) {
  const std::string& address = r.client_address.reveal();
  const std::string& user = v.address.empty() ? v.fingerprint : v.address;
  if (user.empty() || !api.front_ends.contains(address)) return r.client_network();
  return spelled({"music-arena user", user});
}

// The place that the battle may take.
awaitable<result<arena::battle_place>> within_limits(facade_api& api, const http::request& r,
                                                     const visitor& v, participant_id who) {
  const auto own =
      co_await api.arena.limiter.take("battle", to_string(who), integrity::battles_per_participant);
  if (!own) co_return own.error();
  const auto shared = co_await api.arena.limiter.take("battle-address", limited_by(api, r, v),
                                                      integrity::battles_per_address);
  if (!shared) co_return shared.error();
  auto place = api.arena.generate.take_place(limited_by(api, r, v));
  if (place && api.arena.generate.has_room() && api.arena.media.has_room())
    co_return result<arena::battle_place>{std::move(place)};
  error busy = fail(errc::overloaded, "Many battles are being made. Try again in a moment.");
  busy.retry_after = 3s;
  co_return busy;
}

std::vector<std::string> agreed_purposes(const facade_api& api, const arena::arena& a,
                                         const visitor& v) {
  const auto& full = api.settings.terms;
  const bool all = std::find(full.begin(), full.end(), v.terms) != full.end();
  std::vector<std::string> out;
  for (const arena::purpose& p : a.consent.purposes)
    if (p.required || all) out.push_back(p.id);
  std::sort(out.begin(), out.end());
  return out;
}

// Keeps what was agreed to, once and again when it changes.
awaitable<result<participants::consent>> agree(facade_api& api, const arena::arena& a,
                                               const http::request& r, const visitor& v,
                                               participant_id who) {
  participants::consent wanted{a.id, a.consent.sha256, agreed_purposes(api, a, v),
                               api.arena.clock.now()};
  auto given = co_await api.arena.participants.consents(who);
  if (!given) co_return given.error();
  for (participants::consent& c : *given)
    if (c.arena == a.id && c.text_sha256 == wanted.text_sha256 && c.purposes == wanted.purposes)
      co_return std::move(c);
  const auto allowed = co_await api.arena.limiter.take("consent-address", limited_by(api, r, v),
                                                       integrity::consents_per_address);
  if (!allowed) co_return allowed.error();
  const auto kept = co_await api.arena.participants.give_consent(who, wanted);
  if (!kept) co_return kept.error();
  co_return wanted;
}

// What the arena asks; a null in their prompt is not stated, and what the arena does not ask
// cannot be.
routing::request stated_of(const arena::arena& a, const routing::request& told) {
  routing::request out;
  for (const auto& [name, value] : told)
    if (a.request.find(name) != nullptr) out.emplace(name, value);
  return out;
}

std::string base_of(const facade_api& api, const http::request& r) {
  if (!api.settings.base_url.empty()) return api.settings.base_url;
  const std::string_view host = r.header("host");
  if (host.empty()) return {};
  return (api.settings.tls ? "https://" : "http://") + std::string(host);
}

// The battle once it is ready. errc::battle_failed with the reason if it is not to be.
awaitable<result<arena::battle>> await_ready(facade_api& api, battle_id id) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  const auto limit = std::chrono::steady_clock::now() + longest_making;
  while (std::chrono::steady_clock::now() < limit) {
    timer.expires_after(look_up_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
    auto found = co_await api.arena.battles.find(id);
    if (!found && found.error().code == errc::not_found) co_return found.error();
    if (!found) continue;  // PostgreSQL may be away for a moment
    if (found->state == arena::battle_state::ready) co_return std::move(*found);
    if (found->state == arena::battle_state::failed)
      co_return fail(errc::battle_failed, found->failure);
  }
  co_return fail(errc::timeout, "It took too long.");
}

// GET /systems
awaitable<http::response> list_systems(facade_api& api, const http::request& r) {
  const auto a = arena_of(api);
  if (!a) co_return refusal(a.error());
  // Their curl client reads pairs where their front end reads objects: of the two only curl
  // says so.
  const bool pairs = r.header("user-agent").starts_with("curl/");
  json list = json::array();
  for (const arena::registered_system& s : (*a)->definition.systems) {
    if (s.weight <= 0) continue;
    const system_key key = key_of(api, s.slug);
    list.push_back(pairs ? json::array({key.tag, key.variant}) : view_of(key));
  }
  auto answer = http::json(print_json(list));
  answer.set("Vary", "User-Agent");
  co_return answer;
}

// GET /prebaked
awaitable<http::response> list_prompts(facade_api& api, const http::request&) {
  const auto found = arena_of(api);
  if (!found) co_return refusal(found.error());
  const auto& a = (*found)->definition;
  json list = json::object();
  for (const std::string& prompt : a.prompts) {
    const auto decided =
        routing::decide_by_rules({prompt, {}, {}, &a.request, &a.routing, a.languages});
    if (decided.refused) continue;
    json detailed = detailed_prompt(prompt, decided.fields);
    const std::string checksum = checksum_of(detailed);
    list[checksum] = std::move(detailed);
  }
  co_return http::json(print_json(list));
}

// GET /health and GET /health_check. Theirs makes a battle each time; this looks only.
awaitable<http::response> health(facade_api& api, const http::request&) {
  const auto a = arena_of(api);
  if (!a) co_return refusal(a.error());
  co_return http::json(R"({"status":"ok"})");
}

// POST /generate_battle
awaitable<http::response> generate_battle(facade_api& api, const http::request& r) {
  auto wish = read_battle_wish(r.body);
  if (!wish) co_return refusal(wish.error());
  auto found = arena_of(api);
  if (!found) co_return refusal(found.error());
  const arena::arena_ptr arena = std::move(*found);
  const participant_id who = participant_of(api, wish->who);
  auto place = co_await within_limits(api, r, wish->who, who);
  if (!place) co_return refusal(place.error());
  auto agreed = co_await agree(api, arena->definition, r, wish->who, who);
  if (!agreed) co_return refusal(agreed.error());

  std::array<unsigned char, 16> once{};
  api.arena.random.fill(once);
  arena::battle_request request;
  request.participant = who;
  request.idempotency_key =
      idempotency_key(api, "battle", {reinterpret_cast<const char*>(once.data()), once.size()});
  request.prompt = std::move(wish->prompt);
  // create_battle() looks whether it is.
  request.prompt_source = wish->detailed ? "random" : "typed";
  request.stated = stated_of(arena->definition, wish->request);
  request.consent_sha256 = agreed->text_sha256;
  request.purposes = std::move(agreed->purposes);
  auto admitted = co_await api.arena.create.run(arena, std::move(request));
  if (!admitted) co_return refusal(admitted.error());
  const battle_id id = admitted->b.id;
  if (admitted->created) api.arena.generate.start(arena, std::move(*admitted), std::move(*place));

  const auto ready = co_await await_ready(api, id);
  if (!ready) co_return refusal(ready.error());
  const auto outputs = co_await api.arena.battles.shown_outputs(id);
  if (!outputs) co_return refusal(outputs.error());
  co_return http::json(print_json(battle_view(*ready, *outputs, !wish->detailed, base_of(api, r))));
}

void add_comments(const feedback::protocol& p, const vote_wish& w,
                  const std::vector<std::string>& answered, std::vector<feedback::answer>& out) {
  const auto add = [&](feedback::target about, const std::string& text) {
    if (text.empty()) return;
    const auto asks = [about](const feedback::question& q) {
      return q.kind == feedback::question_kind::comment && q.about == about;
    };
    const auto q = std::find_if(p.questions.begin(), p.questions.end(), asks);
    if (q == p.questions.end()) return;  // the arena does not ask
    if (std::find(answered.begin(), answered.end(), q->id) != answered.end()) return;
    out.push_back({q->id, text});
  };
  add(feedback::target::a, w.a_feedback);
  add(feedback::target::b, w.b_feedback);
  add(feedback::target::battle, w.feedback);
}

awaitable<result<arena::receipt>> record(facade_api& api, const arena::battle& b,
                                         const vote_wish& w) {
  auto protocol = co_await api.arena.arenas.protocol(b.arena, b.protocol_version);
  if (!protocol) co_return protocol.error();
  auto past = co_await api.arena.judge.find(arena::ballot_of(b));
  if (!past) co_return past.error();
  arena::judgment_request request;
  request.battle = b.id;
  request.participant = b.participant;
  request.client_answered_at = w.preferred_at;
  const std::string battle = to_string(b.id);
  if (std::optional<arena::receipt> before = std::move(*past)) {
    // Their front end sends the whole vote once more with what is said about it.
    arena::receipt earlier = std::move(*before);
    if (earlier.winner != w.preference)
      co_return fail(errc::already_judged, "This battle has a vote already, and another one.");
    add_comments(**protocol, w, earlier.questions, request.answers);
    if (request.answers.empty()) co_return earlier;
    std::string said = battle;
    for (const feedback::answer& a : request.answers) said += spelled({a.question, a.value});
    request.idempotency_key = idempotency_key(api, "comments", said);
    const auto commented = co_await api.arena.judge.run(std::move(request));
    if (!commented) co_return commented.error();
    co_return earlier;
  }
  auto events = exposures_of(w.a, w.b);
  if (!events.empty()) {
    const auto heard = co_await api.arena.expose.run(b.id, b.participant, std::move(events));
    if (!heard) co_return heard.error();
  }
  request.answers.push_back({(*protocol)->vote().id, std::string(ratings::to_text(w.preference))});
  add_comments(**protocol, w, {}, request.answers);
  request.idempotency_key =
      idempotency_key(api, "vote", battle + std::string(ratings::to_text(w.preference)));
  co_return co_await api.arena.judge.run(std::move(request));
}

// POST /record_vote
awaitable<http::response> record_vote(facade_api& api, const http::request& r) {
  const auto wish = read_vote_wish(r.body);
  if (!wish) co_return refusal(wish.error());
  const auto found = arena_of(api);
  if (!found) co_return refusal(found.error());
  const auto b = co_await api.arena.battles.find(wish->battle);
  if (!b && b.error().code != errc::not_found) co_return refusal(b.error());
  if (!b || b->participant != participant_of(api, wish->who) || b->arena != (*found)->definition.id)
    co_return refusal(fail(errc::not_found, "Battle not found."));
  // Counting what was heard is dear, as it is for Agon's own pages.
  const auto own = co_await api.arena.limiter.take("exposures", to_string(b->participant),
                                                   integrity::exposures_per_participant);
  if (!own) co_return refusal(own.error());
  const auto shared = co_await api.arena.limiter.take(
      "exposures-address", limited_by(api, r, wish->who), integrity::exposures_per_address);
  if (!shared) co_return refusal(shared.error());
  const auto recorded = co_await record(api, *b, *wish);
  if (!recorded) co_return refusal(recorded.error());

  const auto outputs = co_await api.arena.battles.shown_outputs(b->id);
  if (!outputs) co_return refusal(outputs.error());
  std::vector<system_key> keys;
  for (const arena::ballot::side& side : recorded->b.slots)
    for (const auto& [slug, id] : (*found)->all_systems)
      if (id == side.system) keys.push_back(key_of(api, slug));
  if (keys.size() != 2) co_return refusal(fail(errc::internal, "The systems are not known."));
  co_return http::json(print_json(vote_view(*b, *recorded, *outputs, keys)));
}

}  // namespace

facade_api::facade_api(arena::arena_api& a, facade_settings s, std::string_view secret)
    : arena(a),
      settings(std::move(s)),
      key(crypto::bytes_of(crypto::hmac_sha256(secret, "agon music-arena 1"))),
      front_ends(settings.front_ends) {}

void add_routes(http::router& router, facade_api& api) {
  using http::method;
  const auto get = [&](std::string_view path, auto handle) {
    router.add(method::get, path,
               [&api, handle](const http::request& r) { return handle(api, r); });
  };
  get("/systems", list_systems);
  get("/prebaked", list_prompts);
  get("/health", health);
  get("/health_check", health);
  router.add(method::post, "/generate_battle",
             [&api](const http::request& r) { return generate_battle(api, r); },
             {.max_body = largest_body, .longest = longest_making + 20s});
  router.add(method::post, "/record_vote",
             [&api](const http::request& r) { return record_vote(api, r); },
             {.max_body = largest_body});
}

result<std::pair<std::string, system_key>> parse_system_key(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.find(':', equals == std::string_view::npos ? 0 : equals);
  if (equals == std::string_view::npos || colon == std::string_view::npos || equals == 0 ||
      colon <= equals + 1 || colon + 1 == text.size() ||
      text.find(':', colon + 1) != std::string_view::npos)
    return fail(errc::invalid_input,
                "SLUG=TAG:VARIANT is needed, for example musicgen=musicgen-small:initial");
  return std::pair{std::string(text.substr(0, equals)),
                   system_key{std::string(text.substr(equals + 1, colon - equals - 1)),
                              std::string(text.substr(colon + 1))}};
}

}  // namespace agon::music_arena
