#include "services/arena/record_judgments.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

std::optional<error> refuse_state(const ballot& b, time_point now) {
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

// The log's thread may still be about to decide.
bool gave_up(errc code) {
  return code == errc::unavailable || code == errc::overloaded || code == errc::timeout;
}

std::vector<std::string> questions_of(const std::vector<feedback::judgment>& judgments) {
  std::vector<std::string> out;
  for (const feedback::judgment& j : judgments) out.push_back(j.question);
  return out;
}

}  // namespace

awaitable<result<std::optional<receipt>>> record_judgments::find(ballot b) {
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

awaitable<result<receipt>> record_judgments::earlier(ballot b, std::string key, error otherwise) {
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

// What the log's thread and the caller share. The caller reads it again only when decide()
// has been heard.
struct record_judgments::attempt {
  // What a decision rests on beside the battle, and is seldom needed or missing.
  enum class question { none, protocol, vote, earlier_receipt };

  explicit attempt(judgment_request r) : request(std::move(r)) {}

  const judgment_request request;
  bool has_voted = false;  // known to have
  question open = question::none;
  ballot b;
  std::vector<std::string> questions;
};

result<submission> record_judgments::decide(attempt& a, ballot found) const {
  const judgment_request& request = a.request;
  const ballot& b = a.b = std::move(found);
  a.open = attempt::question::none;
  if (b.participant != request.participant)
    return fail(errc::not_found, "There is no such battle.");
  const time_point now = clock_.now();
  if (auto refused = refuse_state(b, now)) {
    a.open = attempt::question::earlier_receipt;
    return *refused;
  }
  const auto protocol = arenas_.known_protocol(b.arena, b.protocol_version);
  if (!protocol) {
    a.open = attempt::question::protocol;
    return fail(errc::internal, "The protocol is not in memory.");
  }
  feedback::judgment_context context;
  context.arena = b.arena;
  context.battle = b.id;
  context.participant = b.participant;
  context.answered_at = now;
  context.client_shown_at = request.client_shown_at;
  context.client_answered_at = request.client_answered_at;
  context.active_seconds = request.active_seconds;
  auto judged = feedback::judge(*protocol, request.answers, context);
  if (!judged) return judged.error();

  if (!b.gate_met)
    return fail(errc::gate_not_met, "Give each side a little more time before you judge.");
  if (!judged->front().winner && !a.has_voted) {
    // Comments may follow a vote, but not come without one.
    a.open = attempt::question::vote;
    error e = fail(errc::invalid_input, "Vote first; comments can come with the vote or later.");
    e.fields.push_back({"/answers", "must hold the vote"});
    return e;
  }
  submission s;
  s.arena = b.arena;
  s.battle = b.id;
  s.participant = b.participant;
  s.protocol_version = b.protocol_version;
  s.idempotency_key = request.idempotency_key;
  s.answered_at = now;
  s.judgments = std::move(*judged);
  a.questions = questions_of(s.judgments);
  return s;
}

// Answers what a decision left open, so that it can be made again; `otherwise` if the
// answer is no.
awaitable<result<void>> record_judgments::find_out(std::shared_ptr<attempt> a, error otherwise) {
  if (a->open == attempt::question::protocol) {
    auto protocol = co_await arenas_.protocol(a->b.arena, a->b.protocol_version);
    if (!protocol) co_return protocol.error();
    co_return result<void>{};
  }
  auto past = co_await find(a->b);
  if (!past) co_return past.error();
  if (!*past) co_return otherwise;
  if ((*past)->withdrawn_at)
    co_return fail(errc::conflict, "You have taken your vote on this battle back.");
  a->has_voted = true;
  co_return result<void>{};
}

awaitable<result<receipt>> record_judgments::run(judgment_request request) {
  const auto a = std::make_shared<attempt>(std::move(request));
  const decision decide_it = [this, a](ballot b) { return decide(*a, std::move(b)); };
  for (;;) {
    auto durable = co_await log_.record(a->request.battle, decide_it);
    if (!durable && gave_up(durable.error().code)) co_return durable.error();
    if (durable && !durable->repeated)
      co_return receipt{std::move(a->b), durable->answered_at, durable->winner,
                        std::move(a->questions), false};
    if (durable || a->open == attempt::question::earlier_receipt) {
      error otherwise =
          durable ? fail(errc::already_judged, "You have judged this battle.") : durable.error();
      auto first = co_await earlier(a->b, a->request.idempotency_key, std::move(otherwise));
      co_return first;
    }
    if (a->open == attempt::question::none) co_return durable.error();
    const auto found = co_await find_out(a, durable.error());
    if (!found) co_return found.error();
  }
}

}  // namespace agon::arena
