#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "services/arena/routes.hpp"
#include "services/arena/views.hpp"
#include "services/core/json_reader.hpp"
#include "services/routing/json_value.hpp"

namespace agon::arena {
namespace {

using json = nlohmann::json;
using namespace std::chrono_literals;

// How often a watched battle is looked up. Look-ups of all watchers run as one statement.
constexpr auto watch_interval = 150ms;
// While its texts appear they are looked at more often, and the battle less.
constexpr auto text_interval = 75ms;
constexpr unsigned look_up_every = 4;

// An Idempotency-Key of 8 to 64 characters of [A-Za-z0-9_-].
result<std::string> idempotency_key(const http::request& r) {
  const std::string_view key = r.header("idempotency-key");
  const bool good =
      key.size() >= 8 && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
      });
  if (good) return std::string(key);
  return fail(errc::invalid_input,
              "Send an Idempotency-Key header of 8 to 64 characters of A-Z, a-z, 0-9, - and _.");
}

std::optional<time_point> optional_time(json_reader& in, std::string_view key) {
  const auto text = in.optional_text(key, {.max = 40});
  if (!text) return std::nullopt;
  const auto t = parse_rfc3339(*text);
  if (t) return *t;
  in.complain(key, t.error().detail);
  return std::nullopt;
}

result<battle_request> read_battle_request(const http::request& r, participant_id who) {
  auto key = idempotency_key(r);
  if (!key) return key.error();
  const auto body = parse_object(r.body);
  if (!body) return body.error();
  json_reader in(*body);
  battle_request out;
  out.participant = who;
  out.idempotency_key = std::move(*key);
  out.prompt = in.text("prompt", {.min = 1, .max = 20'000});
  out.language = in.optional_text("language", {.min = 2, .max = 16}).value_or("");
  if (body->contains("request"))
    if (const json* stated = in.any("request")) {
      auto fields = stated->is_object() ? routing::request_of(*stated, "/request")
                                        : fail(errc::invalid_input, "");
      if (fields)
        out.stated = std::move(*fields);
      else if (fields.error().fields.empty())
        in.complain("request", "must be an object");
      else
        for (field_error& f : fields.error().fields)
          in.complain(f.field.substr(1), std::move(f.reason));
    }
  if (body->contains("prompt_source"))
    out.prompt_source = in.one_of("prompt_source", {"typed", "random"}) == 0 ? "typed" : "random";
  if (auto bad = in.finish()) return *bad;
  return out;
}

// POST /api/v1/arenas/{arena}/battles
awaitable<http::response> post_battle(arena_api& api, const http::request& r) {
  const arena_ptr arena = api.arenas.find(r.parameter("arena"));
  if (!arena)
    co_return http::problem(fail(errc::not_found, "There is no such arena."), r.request_id);
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  auto request = read_battle_request(r, *who);
  if (!request) co_return http::problem(request.error(), r.request_id);
  const auto allowed =
      co_await api.limiter.take("battle", to_string(*who), integrity::battles_per_participant);
  if (!allowed) co_return http::problem(allowed.error(), r.request_id);
  const auto address_allowed = co_await api.limiter.take("battle-address", r.client_network(),
                                                         integrity::battles_per_address);
  if (!address_allowed) co_return http::problem(address_allowed.error(), r.request_id);
  if (!api.generate.has_room()) {
    error busy =
        fail(errc::overloaded, "Many battles are being made right now. Try again in a moment.");
    busy.retry_after = 3s;
    co_return http::problem(busy, r.request_id);
  }
  battle_place place = api.generate.take_place(r.client_address.reveal());
  if (!place) {
    error waits = fail(errc::too_many_requests,
                       "Other battles from your network are being made. Try again in a moment.");
    waits.retry_after = 3s;
    co_return http::problem(waits, r.request_id);
  }
  if (!api.media.has_room()) {
    error full = fail(errc::overloaded, "There is no room for new battles right now.");
    full.retry_after = 60s;
    co_return http::problem(full, r.request_id);
  }
  auto consents = co_await api.participants.consents(*who);
  if (!consents) co_return http::problem(consents.error(), r.request_id);
  for (participants::consent& c : *consents) {
    if (c.arena != arena->definition.id) continue;
    request->consent_sha256 = c.text_sha256;
    request->purposes = c.purposes;
  }
  auto admitted = co_await api.create.run(arena, std::move(*request));
  if (!admitted) co_return http::problem(admitted.error(), r.request_id);
  const bool created = admitted->created;
  const auto view = battle_view(*arena, admitted->b, {}, std::nullopt, api.clock.now());
  auto answer = http::json(print_json(view), created ? 202 : 200);
  answer.set("Location", "/api/v1/battles/" + to_string(admitted->b.id));
  if (created) api.generate.start(arena, std::move(*admitted), std::move(place));
  co_return answer;
}

// The battle as its participant may see it, in JSON, and whether it can still change
// before a vote.
struct seen_battle {
  std::string text;
  std::string state;
  bool settled = false;
};

awaitable<result<seen_battle>> see(arena_api& api, battle_id id, participant_id who) {
  auto found = co_await api.battles.find(id);
  if (!found) co_return found.error();
  battle b = std::move(*found);
  const arena_ptr arena = api.arenas.find(b.arena);
  if (b.participant != who || !arena) co_return fail(errc::not_found, "There is no such battle.");
  std::vector<output> outputs;
  std::optional<receipt> judged;
  const time_point now = api.clock.now();
  if (b.state == battle_state::ready) {
    auto shown = co_await api.battles.shown_outputs(id);
    if (!shown) co_return shown.error();
    outputs = std::move(*shown);
    auto past = co_await api.judge.find(ballot_of(b));
    if (!past) co_return past.error();
    judged = std::move(*past);
  }
  const json view = battle_view(*arena, b, outputs, judged, now);
  const battle_state state = b.state_at(now);
  co_return seen_battle{print_json(view), view.at("state").get<std::string>(),
                        state != battle_state::admitted && state != battle_state::generating};
}

// GET /api/v1/battles/{battle}
awaitable<http::response> get_battle(arena_api& api, const http::request& r) {
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  auto seen = co_await see(api, battle_id{r.uuid_parameter("battle")}, *who);
  if (!seen) co_return http::problem(seen.error(), r.request_id);
  co_return http::json(std::move(seen->text));
}

// A client that follows the texts of a battle, for as long as this exists.
class text_watch {
 public:
  explicit text_watch(std::shared_ptr<live_text> texts) : texts_(std::move(texts)) {
    if (texts_) texts_->watchers.fetch_add(1);
  }
  ~text_watch() {
    if (texts_) texts_->watchers.fetch_sub(1);
  }
  text_watch(const text_watch&) = delete;
  text_watch& operator=(const text_watch&) = delete;

 private:
  std::shared_ptr<live_text> texts_;
};

constexpr std::string_view text_event_id = "text-";

// How many characters of each side a client has, by the last event that it saw.
std::size_t characters_seen(std::string_view last_event_id) {
  std::size_t seen = 0;
  if (!last_event_id.starts_with(text_event_id)) return 0;
  last_event_id.remove_prefix(text_event_id.size());
  const auto read =
      std::from_chars(last_event_id.data(), last_event_id.data() + last_event_id.size(), seen);
  return read.ec == std::errc{} ? seen : 0;
}

http::event text_event(const live_text::part& p) {
  return {std::string(text_event_id) + std::to_string(p.to), "text", print_json(live_text_view(p))};
}

awaitable<void> stream_battle(arena_api& api, battle_id id, participant_id who, std::size_t from,
                              http::event_sink& sink) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  std::string last;
  // Another server may be making the battle; then its texts come whole, when it is ready.
  const std::shared_ptr<live_text> texts = api.generate.live(id);
  const text_watch watch(texts);
  for (unsigned round = 0; !sink.closed(); ++round) {
    if (texts)
      if (const auto part = texts->after(from)) {
        from = part->to;
        const bool taken = co_await sink.send(text_event(*part));
        if (!taken) co_return;
      }
    if (!texts || round % look_up_every == 0) {
      auto seen = co_await see(api, id, who);
      // PostgreSQL may be away for a moment; the stream waits for it.
      if (seen && seen->state != last) {
        last = seen->state;
        const bool sent = co_await sink.send({seen->state, "battle", seen->text});
        if (!sent || seen->settled) co_return;
      }
      if (!seen && seen.error().code == errc::not_found) co_return;
    }
    timer.expires_after(texts ? text_interval : watch_interval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

// GET /api/v1/battles/{battle}/events
awaitable<http::response> watch_battle(arena_api& api, const http::request& r) {
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  const battle_id id{r.uuid_parameter("battle")};
  auto seen = co_await see(api, id, *who);
  if (!seen) co_return http::problem(seen.error(), r.request_id);
  http::response answer;
  answer.content_type = "text/event-stream";
  answer.body = http::event_stream{
      [&api, id, participant = *who, from = characters_seen(r.header("last-event-id"))](
          http::event_sink& sink) { return stream_battle(api, id, participant, from, sink); }};
  co_return answer;
}

result<std::vector<exposure_event>> read_exposures(const http::request& r) {
  const auto body = parse_object(r.body);
  if (!body) return body.error();
  json_reader in(*body);
  std::vector<exposure_event> out;
  for (json_reader& item : in.objects("events", 1, 200)) {
    static constexpr exposure_kind kinds[] = {
        exposure_kind::play,  exposure_kind::pause,   exposure_kind::seek,   exposure_kind::tick,
        exposure_kind::ended, exposure_kind::visible, exposure_kind::scroll, exposure_kind::hidden};
    exposure_event e;
    e.sequence = static_cast<int>(item.integer("sequence", 0, 1'000'000));
    e.slot = static_cast<int>(item.one_of("slot", {"a", "b", "c", "d"}));
    e.kind = kinds[item.one_of(
        "kind", {"play", "pause", "seek", "tick", "ended", "visible", "scroll", "hidden"})];
    e.position = item.number("position", 0, 36'000);
    const std::string at = item.text("at", {.min = 1, .max = 40});
    if (const auto t = parse_rfc3339(at))
      e.client_at = *t;
    else if (!at.empty())
      item.complain("at", t.error().detail);
    out.push_back(e);
  }
  if (auto bad = in.finish()) return *bad;
  return out;
}

// POST /api/v1/battles/{battle}/exposures
awaitable<http::response> post_exposures(arena_api& api, const http::request& r) {
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  const auto allowed =
      co_await api.limiter.take("exposures", to_string(*who), integrity::exposures_per_participant);
  if (!allowed) co_return http::problem(allowed.error(), r.request_id);
  const auto address_allowed = co_await api.limiter.take("exposures-address", r.client_network(),
                                                         integrity::exposures_per_address);
  if (!address_allowed) co_return http::problem(address_allowed.error(), r.request_id);
  auto events = read_exposures(r);
  if (!events) co_return http::problem(events.error(), r.request_id);
  auto updated =
      co_await api.expose.run(battle_id{r.uuid_parameter("battle")}, *who, std::move(*events));
  if (!updated) co_return http::problem(updated.error(), r.request_id);
  co_return http::json(print_json(gate_view(*updated)));
}

result<judgment_request> read_judgments(const http::request& r, participant_id who) {
  auto key = idempotency_key(r);
  if (!key) return key.error();
  const auto body = parse_object(r.body);
  if (!body) return body.error();
  json_reader in(*body);
  judgment_request out;
  out.battle = battle_id{r.uuid_parameter("battle")};
  out.participant = who;
  out.idempotency_key = std::move(*key);
  for (json_reader& item : in.objects("answers", 1, 16)) {
    feedback::answer a;
    a.question = item.text("question", {.min = 1, .max = 64});
    a.value = item.text("value", {.max = 4000});
    out.answers.push_back(std::move(a));
  }
  out.client_shown_at = optional_time(in, "shown_at");
  out.client_answered_at = optional_time(in, "answered_at");
  out.active_seconds = in.optional_number("active_seconds", 0, 86'400);
  if (auto bad = in.finish()) return *bad;
  return out;
}

// POST /api/v1/battles/{battle}/judgments
awaitable<http::response> post_judgments(arena_api& api, const http::request& r) {
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  auto request = read_judgments(r, *who);
  if (!request) co_return http::problem(request.error(), r.request_id);
  auto judged = co_await api.judge.run(std::move(*request));
  if (!judged) co_return http::problem(judged.error(), r.request_id);
  const arena_ptr arena = api.arenas.find(judged->b.arena);
  if (!arena) co_return http::problem(fail(errc::not_found, "This arena is gone."), r.request_id);
  co_return http::json(receipt_text(*arena, *judged), judged->repeated ? 200 : 201);
}

}  // namespace

void add_battle_routes(http::router& router, arena_api& api) {
  using http::method;
  router.add(method::post, "/api/v1/arenas/{arena:slug}/battles",
             [&api](const http::request& r) { return post_battle(api, r); });
  router.add(method::get, "/api/v1/battles/{battle:uuid}",
             [&api](const http::request& r) { return get_battle(api, r); });
  router.add(method::get, "/api/v1/battles/{battle:uuid}/events",
             [&api](const http::request& r) { return watch_battle(api, r); });
  router.add(method::post, "/api/v1/battles/{battle:uuid}/exposures",
             [&api](const http::request& r) { return post_exposures(api, r); });
  router.add(method::post, "/api/v1/battles/{battle:uuid}/judgments",
             [&api](const http::request& r) { return post_judgments(api, r); });
}

}  // namespace agon::arena
