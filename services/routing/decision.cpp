#include "services/routing/decision.hpp"

#include <algorithm>

namespace agon::routing {

std::string_view name_of(refusal r) {
  switch (r) {
    case refusal::sexual_minors:
      return "sexual_minors";
    case refusal::self_harm:
      return "self_harm";
    case refusal::violence:
      return "violence";
    case refusal::hate:
      return "hate";
    case refusal::sexual:
      return "sexual";
    case refusal::illegal:
      return "illegal";
    case refusal::personal_data:
      return "personal_data";
    case refusal::off_topic:
      return "off_topic";
  }
  return "off_topic";
}

std::optional<refusal> parse_refusal(std::string_view name) {
  const auto it = std::find_if(all_refusals.begin(), all_refusals.end(),
                               [&](refusal r) { return name_of(r) == name; });
  return it == all_refusals.end() ? std::nullopt : std::optional(*it);
}

std::string_view explanation(refusal r) {
  switch (r) {
    case refusal::sexual_minors:
      return "Nothing sexual about children is taken here.";
    case refusal::self_harm:
      return "Prompts about hurting oneself are not taken here. If you are not well, please talk "
             "to "
             "someone: findahelpline.com lists people who listen, in your language.";
    case refusal::violence:
      return "Prompts that call for violence are not taken here. Try another one.";
    case refusal::hate:
      return "Prompts that insult groups of people are not taken here. Try another one.";
    case refusal::sexual:
      return "Sexually explicit prompts are not taken here. Try another one.";
    case refusal::illegal:
      return "Prompts about doing something against the law are not taken here. Try another one.";
    case refusal::personal_data:
      return "The prompt seems to hold somebody's personal data. Leave them out.";
    case refusal::off_topic:
      return "The prompt does not fit this arena. Try another one.";
  }
  return "";
}

std::string_view name_of(decider d) {
  return d == decider::rules ? "rules" : "endpoint";
}

std::string_view name_of(endpoint_outcome o) {
  switch (o) {
    case endpoint_outcome::not_asked:
      return "not_asked";
    case endpoint_outcome::decided:
      return "decided";
    case endpoint_outcome::timeout:
      return "timeout";
    case endpoint_outcome::unavailable:
      return "unavailable";
    case endpoint_outcome::nonsense:
      return "nonsense";
  }
  return "not_asked";
}

request merge(const request_schema& schema, const request& stated, request found) {
  request out = stated;
  const auto is_true = [&](const std::string& name) {
    const auto it = out.find(name);
    return it != out.end() && it->second == field_value(true);
  };
  // Switches first: they decide which of the others have a place.
  for (const bool switches : {true, false})
    for (const request_field& f : schema.fields()) {
      const auto it = found.find(f.name);
      if ((f.type == field_type::boolean) != switches || it == found.end()) continue;
      const bool blocked = !f.unless.empty() && is_true(f.unless);
      if (!blocked && !f.complaint(it->second)) out.try_emplace(f.name, it->second);
    }
  // A field that is there turns its switch off, if the voter left that open.
  for (const request_field& f : schema.fields())
    if (!f.unless.empty() && out.find(f.name) != out.end() && stated.find(f.unless) == stated.end())
      out.insert_or_assign(f.unless, false);
  return schema.completed(std::move(out));
}

}  // namespace agon::routing
