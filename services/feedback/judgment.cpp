#include "services/feedback/judgment.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "privacy/crypto/canonical_json.hpp"
#include "services/core/json_reader.hpp"
#include "services/feedback/text_rules.hpp"

namespace agon::feedback {
namespace {

// `value` is canonical JSON.
std::string write_body(const protocol& p, const question& q, std::string_view value,
                       bool after_reveal, const judgment_context& context) {
  crypto::canonical_object body;
  if (context.active_seconds) body.number("active_seconds", *context.active_seconds);
  body.json("after_reveal", after_reveal ? "true" : "false")
      .text("answered_at", to_rfc3339(context.answered_at))
      .number("arena", context.arena)
      .text("battle", to_string(context.battle));
  if (context.client_answered_at)
    body.text("client_answered_at", to_rfc3339(*context.client_answered_at));
  if (context.client_shown_at) body.text("client_shown_at", to_rfc3339(*context.client_shown_at));
  body.text("criterion", q.criterion)
      .text("kind", name_of(q.kind))
      .text("participant", to_string(context.participant))
      .text("phase", "immediate")
      .number("protocol_version", p.version)
      .text("question", q.id)
      .text("source", context.source)
      .text("target", name_of(q.about))
      .json("value", value);
  return std::move(body).finish();
}

std::string value_of(ratings::outcome winner) {
  return std::move(crypto::canonical_object().text("winner", ratings::to_text(winner))).finish();
}

std::string value_of(std::string_view comment_type, std::string_view text) {
  return std::move(crypto::canonical_object().text("text", text).text("type", comment_type))
      .finish();
}

std::optional<std::string> refuse_winner(const question& q, ratings::outcome winner) {
  if (winner == ratings::outcome::tie && !q.allow_tie) return "this question takes no tie";
  if (winner == ratings::outcome::both_bad && !q.allow_both_bad)
    return "this question does not take both_bad";
  return std::nullopt;
}

}  // namespace

result<std::vector<judgment>> judge(const protocol& p, const std::vector<answer>& answers,
                                    const judgment_context& context) {
  std::vector<judgment> out;
  std::vector<field_error> bad;
  std::set<std::string_view> seen;
  const bool has_vote = std::any_of(answers.begin(), answers.end(),
                                    [&](const answer& a) { return a.question == p.vote().id; });
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const answer& given = answers[i];
    const std::string at = "/answers/" + std::to_string(i);
    const question* q = p.find(given.question);
    if (q == nullptr) {
      bad.push_back({at + "/question", "is not asked by this arena"});
      continue;
    }
    if (!seen.insert(q->id).second) {
      bad.push_back({at + "/question", "is answered twice"});
      continue;
    }
    if (q->kind == question_kind::comparison) {
      const auto winner = ratings::outcome_from_text(given.value);
      if (!winner) {
        bad.push_back({at + "/value", "must be one of a, b, tie, both_bad"});
        continue;
      }
      if (auto reason = refuse_winner(*q, *winner)) {
        bad.push_back({at + "/value", *reason});
        continue;
      }
      const bool is_vote = q->criterion == "overall";
      out.push_back({q->id, q->kind, is_vote ? winner : std::nullopt,
                     write_body(p, *q, value_of(*winner), !has_vote, context)});
      continue;
    }
    const std::string text = tidy(given.value);
    if (text.empty()) {
      seen.erase(q->id);
      continue;
    }
    if (code_points(text) > q->max_length) {
      bad.push_back({at + "/value", "must have at most " + std::to_string(q->max_length) +
                                        " characters, has " + std::to_string(code_points(text))});
      continue;
    }
    if (has_forbidden_characters(text)) {
      bad.push_back({at + "/value", "holds control characters"});
      continue;
    }
    out.push_back({q->id, q->kind, std::nullopt,
                   write_body(p, *q, value_of(q->comment_type, text), !has_vote, context)});
  }
  if (has_vote)
    for (const question& q : p.questions)
      if (q.required && !seen.contains(q.id))
        bad.push_back({"/answers", "the question " + q.id + " must be answered"});
  if (bad.empty() && out.empty()) bad.push_back({"/answers", "holds nothing to record"});
  if (!bad.empty()) {
    error e = fail(errc::invalid_input, "Some answers cannot be taken.");
    e.fields = std::move(bad);
    return e;
  }
  std::stable_partition(out.begin(), out.end(),
                        [](const judgment& j) { return j.winner.has_value(); });
  return out;
}

}  // namespace agon::feedback
