// A system that is a collection of recorded outputs: JSON lines beside media files.
#pragma once

#include <filesystem>
#include <memory>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/systems/system.hpp"

namespace agon::systems {

// One row per line of `jsonl`:
//   {"prompt": "Hello", "file": "a/1.wav", "media_type": "audio/wav", "generation_seconds": 0.4}
//   {"prompt": "Hello", "text": "Hi!", "generation_seconds": 0.4}
// `file` is relative to `media_root` and may not leave it. `generation_seconds` may be absent.
struct pool_options {
  std::filesystem::path jsonl;
  std::filesystem::path media_root;
};

// Reads and checks every row and file. errc::invalid_input names each bad line (at most
// 20) in `fields`, as "/<line>/<member>", and the first one in `detail`. generate()
// answers a prompt by its exact bytes, errc::unsupported for others.
[[nodiscard]] result<std::unique_ptr<system>> make_pool_system(
    const boost::asio::any_io_executor& executor, const pool_options& options);

}  // namespace agon::systems
