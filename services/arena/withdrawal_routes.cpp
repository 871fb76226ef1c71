#include "services/arena/routes.hpp"
#include "services/arena/views.hpp"
#include "services/arena/withdraw_vote.hpp"

namespace agon::arena {
namespace {

// POST /api/v1/battles/{battle}/withdrawal
awaitable<http::response> post_withdrawal(arena_api& api, const http::request& r) {
  const auto who = api.who.require(r);
  if (!who) co_return http::problem(who.error(), r.request_id);
  auto withdrawn = co_await api.withdraw.run(battle_id{r.uuid_parameter("battle")}, *who);
  if (!withdrawn) co_return http::problem(withdrawn.error(), r.request_id);
  const arena_ptr arena = api.arenas.find(withdrawn->b.arena);
  if (!arena) co_return http::problem(fail(errc::not_found, "This arena is gone."), r.request_id);
  co_return http::json(receipt_text(*arena, *withdrawn));
}

}  // namespace

void add_withdrawal_routes(http::router& router, arena_api& api) {
  router.add(http::method::post, "/api/v1/battles/{battle:uuid}/withdrawal",
             [&api](const http::request& r) { return post_withdrawal(api, r); });
}

}  // namespace agon::arena
