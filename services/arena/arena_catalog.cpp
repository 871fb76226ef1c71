#include "services/arena/arena_catalog.hpp"

#include <algorithm>

#include "services/arena/views.hpp"
#include "services/core/log.hpp"
#include "services/systems/make_system.hpp"

namespace agon::arena {

namespace {

self_naming names_of(const arena& a) {
  std::vector<std::string> assistants, makers;
  if (a.kind == modality::text)
    for (const registered_system& s : a.systems) {
      assistants.push_back(s.card.name);
      if (const auto* chat = std::get_if<systems::chat_options>(&s.spec))
        assistants.push_back(chat->model);
      makers.push_back(s.card.maker);
    }
  return self_naming(assistants, makers);
}

}  // namespace

arena_catalog::arena_catalog(boost::asio::any_io_executor work, arena_store& store)
    : work_(std::move(work)), store_(store) {}

awaitable<result<void>> arena_catalog::refresh() {
  auto stored = co_await store_.load_all();
  if (!stored) co_return stored.error();
  for (stored_arena& s : *stored) {
    const arena_ptr current = find(s.id);
    const bool known = current && current->definition.version == s.version;
    if (!known && unreadable_.find({s.id, s.version}) == unreadable_.end()) put(std::move(s));
  }
  co_return result<void>{};
}

void arena_catalog::put(stored_arena stored) {
  auto parsed = parse_arena(std::move(stored.source));
  if (!parsed) {
    log::error("arena_unreadable", {{"arena", stored.id}, {"version", stored.version}});
    unreadable_.insert({stored.id, stored.version});
    return;
  }
  auto fresh = std::make_shared<running_arena>();
  fresh->definition = std::move(*parsed);
  fresh->definition.id = stored.id;
  fresh->definition.version = stored.version;
  fresh->definition.protocol.version = stored.protocol_version;
  fresh->all_systems = std::move(stored.system_ids);
  fresh->names = names_of(fresh->definition);
  for (registered_system& s : fresh->definition.systems) {
    const auto known = std::find_if(fresh->all_systems.begin(), fresh->all_systems.end(),
                                    [&](const auto& entry) { return entry.first == s.slug; });
    if (known == fresh->all_systems.end()) continue;
    s.id = known->second;
    auto adapter = systems::make_system(work_, s.spec);
    if (adapter) {
      fresh->adapters.emplace(s.id, std::move(*adapter));
    } else {
      log::error("system_not_usable",
                 {{"arena", stored.id}, {"system", s.slug}, {"reason", adapter.error().detail}});
    }
  }
  for (const auto& [slug, id] : fresh->all_systems)
    fresh->cards.emplace(id, revealed_card(fresh->definition, slug));
  const std::lock_guard lock(mutex_);
  protocols_[{stored.id, stored.protocol_version}] =
      std::make_shared<feedback::protocol>(fresh->definition.protocol);
  arenas_[stored.id] = std::move(fresh);
  log::info("arena_in_force", {{"arena", stored.id}, {"version", stored.version}});
}

arena_ptr arena_catalog::find(std::string_view slug) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, a] : arenas_)
    if (a->definition.slug == slug) return a;
  return nullptr;
}

arena_ptr arena_catalog::find(int id) const {
  const std::lock_guard lock(mutex_);
  const auto it = arenas_.find(id);
  return it == arenas_.end() ? nullptr : it->second;
}

std::vector<arena_ptr> arena_catalog::all() const {
  std::vector<arena_ptr> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, a] : arenas_) out.push_back(a);
  }
  std::sort(out.begin(), out.end(), [](const arena_ptr& x, const arena_ptr& y) {
    return x->definition.title < y->definition.title;
  });
  return out;
}

std::shared_ptr<const feedback::protocol> arena_catalog::known_protocol(int arena,
                                                                        int version) const {
  const std::lock_guard lock(mutex_);
  const auto it = protocols_.find({arena, version});
  return it == protocols_.end() ? nullptr : it->second;
}

awaitable<result<std::shared_ptr<const feedback::protocol>>> arena_catalog::protocol(int arena,
                                                                                     int version) {
  if (auto known = known_protocol(arena, version)) co_return known;
  auto text = co_await store_.protocol(arena, version);
  if (!text) co_return text.error();
  auto old = std::make_shared<feedback::protocol>();
  old->version = version;
  old->questions = feedback::questions_from_json(*text);
  const std::lock_guard lock(mutex_);
  protocols_[{arena, version}] = old;
  co_return std::shared_ptr<const feedback::protocol>(old);
}

}  // namespace agon::arena
