// The subcommands of agon. Each adds its flags to the application and, when chosen,
// wires its objects and runs; the number is the process's exit status. One file each.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace agon::commands {

using action = std::function<int()>;

// Sets `chosen` when the user picks a subcommand.
void add_serve(CLI::App& app, action& chosen);
void add_rate(CLI::App& app, action& chosen);
void add_release(CLI::App& app, action& chosen);
void add_import(CLI::App& app, action& chosen);
void add_verify(CLI::App& app, action& chosen);
void add_pii(CLI::App& app, action& chosen);
void add_admin(CLI::App& app, action& chosen);
// Below `agon admin`.
void add_people(CLI::App& admin, action& chosen);
void add_route(CLI::App& admin, action& chosen);

}  // namespace agon::commands
