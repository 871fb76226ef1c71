// Who is whose child, from /proc.
#pragma once

#include <sys/types.h>

namespace agon::systems::keeper {

// Sends SIGKILL to every present child of `parent`.
void kill_children(pid_t parent);

}  // namespace agon::systems::keeper
