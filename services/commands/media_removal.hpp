// Erasure's way to the media files.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "services/arena/media_store.hpp"
#include "services/participants/erase_participant.hpp"

namespace agon::commands {

// Removes files on `work`, whose threads may wait for the disk. `media` outlives it.
[[nodiscard]] participants::erase_participant::remove_files media_removal(
    boost::asio::any_io_executor work, arena::media_store& media);

}  // namespace agon::commands
