#include "privacy/pii/public_suffix.hpp"

#include <libpsl.h>

#include <algorithm>
#include <string>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {

bool is_registrable(std::string_view domain) {
  const psl_ctx_t* list = psl_builtin();
  std::string lower(domain);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  if (lower.compare(0, 4, "www.") == 0) lower.erase(0, 4);
  const char* registrable = psl_registrable_domain(list, lower.c_str());
  if (registrable == nullptr) return false;
  // Without the rule "*", which makes every unknown label a suffix.
  const std::string_view suffix =
      std::string_view(registrable).substr(std::string_view(registrable).find('.') + 1);
  return psl_is_public_suffix2(list, suffix.data(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

}  // namespace agon::pii
