// From what a system made to what is shown of it, whatever the arena's modality.
#pragma once

#include <filesystem>
#include <string>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle.hpp"
#include "services/arena/media_store.hpp"
#include "services/systems/transcoder.hpp"

namespace agon::arena {

// A text's length for the gate: at five words a second, which few readers reach.
[[nodiscard]] double reading_seconds(const output& o);

// Seconds for which the gate asks of this output.
[[nodiscard]] double required_seconds(const arena& a, const output& o);

struct output_parts {
  media_store& media;
  systems::transcoder& transcoder;
};

// Makes the output anonymous, keeps its file, describes its style and looks for its author's
// name. `folder` is the attempt's own, `name` the random one for its file. A failure of the
// system (something else than the arena's modality, not decodable, empty) becomes part of `o`;
// errc::unavailable is the server's own.
[[nodiscard]] awaitable<result<output>> show_output(output_parts parts, arena_ptr arena,
                                                    systems::raw_output made,
                                                    std::filesystem::path folder, std::string name,
                                                    output o);

}  // namespace agon::arena
