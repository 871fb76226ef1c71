#include "services/routing/router.hpp"

#include "services/routing/rules.hpp"

namespace agon::routing {
namespace {

class rules_router final : public router {
 public:
  awaitable<decision> route(routing_question q) override { co_return decide_by_rules(q); }
};

}  // namespace

std::unique_ptr<router> make_rules_router() {
  return std::make_unique<rules_router>();
}

}  // namespace agon::routing
