#include "services/store/postgres/maintenance.hpp"

#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

constexpr statement prune_requests{
    "battle_request_prune",
    "delete from agon.battle_request where created_at < now() - make_interval(hours => $1::int)"};

}  // namespace

awaitable<result<maintenance_report>> maintain(pool& calls, std::chrono::hours keep_requests) {
  return calls.run(
      {.name = "maintain", .retry = true, .deadline = std::chrono::seconds(30)},
      [keep_requests](session& db) {
        maintenance_report report;
        report.partitions = int_of(db.exec(make_partitions)[0][0]);
        report.requests =
            db.exec(prune_requests, static_cast<int>(keep_requests.count())).affected_rows();
        return report;
      });
}

}  // namespace agon::store
