// Names of others as ours. Inside the folder only.
#pragma once

#include <string>

namespace agon::imports {

// a-z, 0-9 and dashes, at most 56; "x" for a name without any.
[[nodiscard]] std::string slug_of(const std::string& name);

}  // namespace agon::imports
