#pragma once

#include <string_view>

namespace agon {

// "0.1.0", from the file VERSION.
[[nodiscard]] std::string_view version();
// Short git revision of the build, "-dirty" behind it if the tree had changes;
// "unknown" when built outside a checkout.
[[nodiscard]] std::string_view revision();

}  // namespace agon
