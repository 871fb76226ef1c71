#include "services/feedback/protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"

namespace agon::feedback {
namespace {

using json = nlohmann::json;

constexpr std::size_t most_questions = 16;
constexpr std::size_t longest_comment = 4000;
// What a comment may be.
constexpr std::string_view comment_types[] = {"critique", "refinement", "correction",
                                              "praise",   "question",   "principle"};

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

target target_from(std::string_view name) {
  for (const target t : {target::battle, target::a, target::b})
    if (name == name_of(t)) return t;
  throw std::invalid_argument("a stored protocol has an unknown target");
}

}  // namespace

std::string_view name_of(question_kind kind) {
  return kind == question_kind::comparison ? "comparison" : "comment";
}

std::string_view name_of(target t) {
  switch (t) {
    case target::battle:
      return "battle";
    case target::a:
      return "a";
    case target::b:
      return "b";
  }
  return "battle";
}

const question* protocol::find(std::string_view id) const {
  const auto it = std::find_if(questions.begin(), questions.end(),
                               [&](const question& q) { return q.id == id; });
  return it == questions.end() ? nullptr : &*it;
}

const question& protocol::vote() const {
  for (const question& q : questions)
    if (q.kind == question_kind::comparison && q.criterion == "overall") return q;
  throw std::logic_error("a protocol without a vote was put in force");
}

std::vector<field_error> complaints(const protocol& p) {
  std::vector<field_error> out;
  const auto complain = [&](std::size_t i, std::string_view field, std::string reason) {
    out.push_back({"questions/" + std::to_string(i) + "/" + std::string(field), std::move(reason)});
  };
  if (p.questions.empty() || p.questions.size() > most_questions)
    out.push_back({"questions", "must have 1 to " + std::to_string(most_questions) + " questions"});
  std::set<std::string> ids;
  int votes = 0;
  for (std::size_t i = 0; i < p.questions.size(); ++i) {
    const question& q = p.questions[i];
    if (!is_slug(q.id)) complain(i, "id", "must be made of a-z, 0-9, - and _");
    if (!ids.insert(q.id).second) complain(i, "id", "stands twice");
    if (q.label.empty() || q.label.size() > 300)
      complain(i, "label", "must have 1 to 300 characters");
    if (!is_slug(q.criterion)) complain(i, "criterion", "must be made of a-z, 0-9, - and _");
    if (q.kind == question_kind::comparison) {
      if (q.about != target::battle) complain(i, "target", "of a comparison must be battle");
      votes += q.criterion == "overall" ? 1 : 0;
    } else {
      if (q.max_length == 0 || q.max_length > longest_comment)
        complain(i, "max_length", "must be 1 to " + std::to_string(longest_comment));
      if (std::find(std::begin(comment_types), std::end(comment_types), q.comment_type) ==
          std::end(comment_types))
        complain(i, "comment_type", "is not a known type of comment");
    }
  }
  if (votes != 1)
    out.push_back({"questions", "must have exactly one comparison on the criterion overall"});
  return out;
}

std::string to_json(const std::vector<question>& questions) {
  json list = json::array();
  for (const question& q : questions) {
    json item = {{"id", q.id},
                 {"kind", name_of(q.kind)},
                 {"target", name_of(q.about)},
                 {"criterion", q.criterion},
                 {"label", q.label},
                 {"required", q.required}};
    if (!q.placeholder.empty()) item["placeholder"] = q.placeholder;
    if (q.kind == question_kind::comparison) {
      item["allow_tie"] = q.allow_tie;
      item["allow_both_bad"] = q.allow_both_bad;
    } else {
      item["comment_type"] = q.comment_type;
      item["max_length"] = q.max_length;
    }
    list.push_back(std::move(item));
  }
  return crypto::canonical_json(list);
}

std::vector<question> questions_from_json(std::string_view text) {
  const auto parsed = crypto::parse_json(text, {.bytes = 1UL << 20});
  if (!parsed || !parsed->is_array())
    throw std::invalid_argument("a stored protocol is not a JSON array");
  std::vector<question> out;
  for (const json& item : *parsed) {
    question q;
    q.id = item.at("id").get<std::string>();
    q.kind = item.at("kind").get<std::string>() == "comparison" ? question_kind::comparison
                                                                : question_kind::comment;
    q.about = target_from(item.at("target").get<std::string>());
    q.criterion = item.at("criterion").get<std::string>();
    q.label = item.at("label").get<std::string>();
    q.required = item.at("required").get<bool>();
    q.placeholder = item.value("placeholder", std::string());
    q.allow_tie = item.value("allow_tie", true);
    q.allow_both_bad = item.value("allow_both_bad", true);
    q.comment_type = item.value("comment_type", std::string("critique"));
    q.max_length = item.value("max_length", std::size_t{1000});
    out.push_back(std::move(q));
  }
  return out;
}

}  // namespace agon::feedback
