#include "services/arena/record_judgments.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

std::optional<error> refuse_state(const battle& b, time_point now) {
  switch (b.state_at(now)) {
    case battle_state::ready:
      return std::nullopt;
    case battle_state::failed:
      return fail(errc::battle_failed, b.failure);
    case battle_state::expired:
      return fail(errc::battle_expired, "The time to judge this battle is over.");
    case battle_state::admitted:
    case battle_state::generating:
      break;
  }
  return fail(errc::battle_not_ready, "The outputs are still being made.");
}

std::vector<std::string> questions_of(const std::vector<feedback::judgment>& judgments) {
  std::vector<std::string> out;
  for (const feedback::judgment& j : judgments) out.push_back(j.question);
  return out;
}

}  // namespace

awaitable<result<std::optional<receipt>>> record_judgments::find(battle b) {
  auto past = co_await log_.judgments(b.id, b.participant);
  if (!past) co_return past.error();
  receipt r;
  bool voted = false;
  for (past_judgment& j : *past) {
    r.withdrawn_at = j.withdrawn_at;
    if (j.winner) {
      voted = true;
      r.winner = j.winner;
      r.recorded_at = j.answered_at;
    }
    r.questions.push_back(std::move(j.question));
  }
  if (!voted) co_return std::optional<receipt>{};
  r.b = std::move(b);
  r.repeated = true;
  co_return std::optional<receipt>{std::move(r)};
}

awaitable<result<receipt>> record_judgments::earlier(battle b, std::string key, error otherwise) {
  auto past = co_await log_.judgments(b.id, b.participant);
  if (!past) co_return past.error();
  receipt r;
  r.b = std::move(b);
  r.repeated = true;
  for (past_judgment& j : *past) {
    if (j.idempotency_key != key) continue;
    r.withdrawn_at = j.withdrawn_at;
    if (j.winner) r.winner = j.winner;
    r.recorded_at = j.answered_at;
    r.questions.push_back(std::move(j.question));
  }
  if (r.questions.empty()) co_return otherwise;
  co_return r;
}

awaitable<result<receipt>> record_judgments::run(judgment_request request) {
  auto found = co_await battles_.find(request.battle);
  if (!found) co_return found.error();
  battle b = std::move(*found);
  if (b.participant != request.participant)
    co_return fail(errc::not_found, "There is no such battle.");
  const time_point now = clock_.now();
  if (auto refused = refuse_state(b, now)) {
    auto first = co_await earlier(std::move(b), request.idempotency_key, *refused);
    co_return first;
  }

  auto protocol = co_await arenas_.protocol(b.arena, b.protocol_version);
  if (!protocol) co_return protocol.error();
  feedback::judgment_context context;
  context.arena = b.arena;
  context.battle = b.id;
  context.participant = b.participant;
  context.answered_at = now;
  context.client_shown_at = request.client_shown_at;
  context.client_answered_at = request.client_answered_at;
  context.active_seconds = request.active_seconds;
  auto judged = feedback::judge(**protocol, request.answers, context);
  if (!judged) co_return judged.error();

  if (!b.gate_met_at)
    co_return fail(errc::gate_not_met, "Give each side a little more time before you judge.");
  if (!judged->front().winner) {
    // Comments may follow a vote, but not come without one.
    auto past = co_await find(b);
    if (!past) co_return past.error();
    if (!*past) {
      error e = fail(errc::invalid_input, "Vote first; comments can come with the vote or later.");
      e.fields.push_back({"/answers", "must hold the vote"});
      co_return e;
    }
    if ((*past)->withdrawn_at)
      co_return fail(errc::conflict, "You have taken your vote on this battle back.");
  }

  submission s;
  s.arena = b.arena;
  s.battle = b.id;
  s.participant = b.participant;
  s.protocol_version = b.protocol_version;
  s.idempotency_key = request.idempotency_key;
  s.answered_at = now;
  s.judgments = std::move(*judged);
  receipt r;
  r.questions = questions_of(s.judgments);
  r.winner = s.judgments.front().winner;
  auto durable = co_await log_.record(std::move(s));
  if (!durable) co_return durable.error();
  if (durable->repeated) {
    auto first = co_await earlier(std::move(b), request.idempotency_key,
                                  fail(errc::already_judged, "You have judged this battle."));
    co_return first;
  }
  r.b = std::move(b);
  r.recorded_at = durable->answered_at;
  co_return r;
}

}  // namespace agon::arena
