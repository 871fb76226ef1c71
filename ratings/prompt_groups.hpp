// Which prompts are one and the same, told as they come: for down-weighting those that are
// asked again and again. The text is read once, when its vote is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace agon::ratings {

// Texts with the same letters and digits are one prompt (see near_duplicates for what does not
// count). With a similarity, texts whose sets of shingles are that similar are one, too; it
// then keeps about two kilobytes per prompt beside the text.
class prompt_groups {
 public:
  // The similarity is in (0, 1]; std::invalid_argument otherwise.
  explicit prompt_groups(std::optional<double> similarity = std::nullopt);
  prompt_groups(prompt_groups&&) noexcept;
  prompt_groups& operator=(prompt_groups&&) noexcept;
  ~prompt_groups();

  // The number of the text: how many different ones came before the first like it.
  std::uint32_t add(std::string_view text);
  // Which group the number is in now: the least number of the group. Groups that turn out to be
  // alike join, so ask again after further texts. The same texts in the same order give the same
  // groups.
  [[nodiscard]] std::uint32_t group(std::uint32_t number) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace agon::ratings
