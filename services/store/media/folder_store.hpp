// Media in a folder: <root>/ab/cd/abcd….wav, named by 32 random hexadecimal digits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "services/arena/media_store.hpp"

namespace agon::store {

// Makes the folder if there is none. Throws std::runtime_error, in words for the
// operator, if it cannot be written to. `reserve`: the bytes of its disk that are left free.
[[nodiscard]] std::unique_ptr<arena::media_store> make_folder_media_store(
    std::filesystem::path root, std::uint64_t reserve = 0);

}  // namespace agon::store
