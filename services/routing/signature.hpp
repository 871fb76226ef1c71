// What a system accepts and emits, and whether a request fits it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/routing/request_schema.hpp"

namespace agon::routing {

// none: the system may not be drawn. partial: it answers, but a part of the request stays
// without effect, or is met only nearly; recorded with the battle. full: all of it.
enum class support { none, partial, full };
[[nodiscard]] std::string_view name_of(support s);

// What a system accepts in one field. Every condition that is set must hold.
struct accepted_field {
  std::string field;
  std::optional<double> minimum;
  std::optional<double> maximum;
  // Values as text; empty: any. Of languages, "pt" accepts "pt-BR" too.
  std::vector<std::string> any_of;
  bool must_be_absent = false;     // not stated, empty, or false
  support beyond = support::none;  // what a request outside of it gets: none or partial
};

struct signature {
  std::vector<accepted_field> accepts;  // a field that is not named is accepted as it is
  // Fields without effect on its output: partial support for a request that sets them to
  // something else than the arena's default.
  std::vector<std::string> ignores;
  std::vector<std::string> inputs = {"text"};  // modalities: text, image, audio
  std::string emits;                           // its output's modality; empty: the arena's
  int turns = 1;                               // most turns of one battle
};

// What a battle needs beside its request.
struct battle_needs {
  std::string language;                        // of the prompt; empty: not known
  std::vector<std::string> inputs = {"text"};  // modalities of prompt and attachments
  std::string emits;                           // empty: not asked
  int turns = 1;
};

struct support_reason {
  std::string field;  // of the request; or language, inputs, emits, turns
  support level = support::none;
  std::string text;  // in words that follow the field's name: "must be at most 47"
  // The bound that the value is beyond, if it is one.
  std::optional<double> at_least{};
  std::optional<double> at_most{};
};

struct verdict {
  support level = support::full;
  std::vector<support_reason> reasons;  // why it is not full
};

// O(fields of the signature).
[[nodiscard]] verdict check_support(const signature& s, const request_schema& schema,
                                    const request& r, const battle_needs& needs);

// Mistakes of a signature beside its arena's schema, by field.
[[nodiscard]] std::vector<field_error> complaints(const signature& s, const request_schema& schema);

// Said to a voter when fewer than two systems of an arena can take a request: which part
// of it cannot be met, and what could. `verdicts` are those of all systems that may be
// drawn at all. errc::request_unsupported with pointers below /request, or /language and
// /prompt for what is no field.
[[nodiscard]] error explain_misfit(const std::vector<verdict>& verdicts,
                                   const request_schema& schema);

// "pt-BR" is spoken by who speaks "pt"; both are BCP 47, compared without regard to case.
[[nodiscard]] bool covers_language(std::string_view spoken, std::string_view wanted);

}  // namespace agon::routing
