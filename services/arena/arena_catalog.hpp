// The arenas in force, with their systems ready to be asked. Follows the store: an
// arena file that is applied while the server runs is served within seconds.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/arena/arena.hpp"
#include "services/arena/arena_store.hpp"
#include "services/arena/self_naming.hpp"
#include "services/core/awaitable.hpp"
#include "services/systems/system.hpp"

namespace agon::arena {

// One arena version; never changes once it is published.
struct running_arena {
  arena definition;
  std::map<int, std::unique_ptr<systems::system>> adapters;  // by system id
  // Slug and id of every system that was ever in the arena.
  std::vector<std::pair<std::string, int>> all_systems;
  self_naming names;  // by which its texts could tell who wrote them
  // What a vote reveals of each of them (views.hpp), by its id.
  std::map<int, std::string> cards;
};
using arena_ptr = std::shared_ptr<const running_arena>;

class arena_catalog {
 public:
  // `work` runs what the adapters do.
  arena_catalog(boost::asio::any_io_executor work, arena_store& store);

  // Reads what is new in the store. An arena that cannot be read keeps its last good
  // version and is logged. errc::unavailable leaves everything as it was.
  // One call at a time.
  [[nodiscard]] awaitable<result<void>> refresh();

  // Null if there is no such arena. Safe from any thread.
  [[nodiscard]] arena_ptr find(std::string_view slug) const;
  [[nodiscard]] arena_ptr find(int id) const;
  [[nodiscard]] std::vector<arena_ptr> all() const;  // by title

  // The protocol that a battle was made under, if it is in memory, as those in force are;
  // else null. Safe from any thread.
  [[nodiscard]] std::shared_ptr<const feedback::protocol> known_protocol(int arena,
                                                                         int version) const;
  // The same, read from the store if need be. errc::not_found.
  [[nodiscard]] awaitable<result<std::shared_ptr<const feedback::protocol>>> protocol(int arena,
                                                                                      int version);

 private:
  void put(stored_arena stored);

  boost::asio::any_io_executor work_;
  arena_store& store_;
  // Versions that cannot be read, told of once. Touched by refresh() alone.
  std::set<std::pair<int, int>> unreadable_;
  mutable std::mutex mutex_;
  std::map<int, arena_ptr> arenas_;
  std::map<std::pair<int, int>, std::shared_ptr<const feedback::protocol>> protocols_;
};

}  // namespace agon::arena
