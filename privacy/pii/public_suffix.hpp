// The public suffix list, as libpsl has it built in. Internal to privacy/pii.
#pragma once

#include <string_view>

namespace agon::pii {

// True if the domain (ASCII, any case) has a label under a suffix of the list:
// "example.co.uk", not "co.uk", "www.museum",
// "localhost" or "file.cpp".
[[nodiscard]] bool is_registrable(std::string_view domain);

}  // namespace agon::pii
