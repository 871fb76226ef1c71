// The questions that an arena asks, and what answers they take. Pure: no I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/error.hpp"

namespace agon::feedback {

enum class question_kind { comparison, comment };
enum class target { battle, a, b };

[[nodiscard]] std::string_view name_of(question_kind kind);
[[nodiscard]] std::string_view name_of(target t);

struct question {
  std::string id;  // slug, unique within the protocol
  question_kind kind = question_kind::comparison;
  target about = target::battle;
  std::string criterion;    // "overall" makes a comparison the vote
  std::string label;        // what the page asks
  std::string placeholder;  // a hint inside an empty field
  bool required = false;
  // comparison only
  bool allow_tie = true;
  bool allow_both_bad = true;
  // comment only
  std::string comment_type = "critique";  // or praise, correction, …: see comment_types
  std::size_t max_length = 1000;          // code points

  bool operator==(const question&) const = default;
};

struct protocol {
  int version = 1;
  std::vector<question> questions;

  // Null if the protocol asks no such question.
  [[nodiscard]] const question* find(std::string_view id) const;
  // The comparison on the criterion `overall`. A valid protocol has exactly one.
  [[nodiscard]] const question& vote() const;
};

// Nothing, or what is wrong with the protocol, by field ("questions/2/id").
[[nodiscard]] std::vector<field_error> complaints(const protocol& p);

// The questions as canonical JSON: equal protocols have equal bytes.
[[nodiscard]] std::string to_json(const std::vector<question>& questions);
// The reverse. Throws std::invalid_argument: the text is our own.
[[nodiscard]] std::vector<question> questions_from_json(std::string_view text);

}  // namespace agon::feedback
