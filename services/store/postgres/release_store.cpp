#include "services/store/postgres/release_store.hpp"

#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/release_rows.hpp"

namespace agon::store {
namespace {

using releases::partition;

constexpr statement find_arena_by_slug{
    "release_find_arena",
    "select a.id, a.slug, v.source from agon.arena a join agon.arena_version v"
    " on v.arena_id = a.id and v.version = a.current_version where a.slug = $1"};
constexpr statement list_slugs{"release_arenas", "select slug from agon.arena order by slug"};
constexpr statement find_systems{
    "release_systems", "select id, slug from agon.system where arena_id = $1::int order by id"};

constexpr statement list_all{
    "release_list",
    "select arena_id, partition, agon.txid_number(from_txid), agon.txid_number(to_txid),"
    " created_day, key, state = 'sealed', policy, sealed_at, votes, bytes, manifest_sha256, files "
    "from agon.release where arena_id = $1::int order by agon.txid_number(from_txid), partition"};

// The server's role sees neither keys nor transactions.
constexpr statement list_sealed{
    "release_list_sealed",
    "select arena_id, partition, 0, 0, created_day, null::bytea, true, policy, sealed_at, votes,"
    " bytes, manifest_sha256, files "
    "from agon.release where arena_id = $1::int and state = 'sealed' "
    "order by created_day desc, partition desc"};

// From the end of the last partition to the first transaction that holds a judgment cast
// at $6 or later; or else to the oldest transaction still running.
constexpr statement open_new{
    "release_open",
    "with last as (select coalesce(max(agon.txid_number(to_txid)), 0) as txid from agon.release"
    " where arena_id = $1::int), "
    "late as (select min(agon.txid_number(j.txid)) as txid from agon.judgment j, last"
    " where j.arena_id = $1::int and agon.txid_number(j.txid) >= last.txid"
    " and j.answered_at >= $6::timestamptz) "
    "insert into agon.release (arena_id, partition, from_txid, to_txid, created_day, key, state,"
    " policy, key_sha256) "
    "select $1::int, $2, last.txid::text::xid8,"
    " least(late.txid, agon.txid_number(pg_snapshot_xmin(pg_current_snapshot())))::text::xid8,"
    " $5::date, $3::bytea, 'open', $4, sha256($3::bytea) from last, late"};

constexpr statement discard_open{
    "release_discard",
    "delete from agon.release where arena_id = $1::int and partition = $2 and state = 'open'"};

constexpr statement seal_open{
    "release_seal",
    "update agon.release set state = 'sealed', key = null, sealed_at = now(), votes = $3::bigint,"
    " bytes = $4::bigint, manifest_sha256 = $5::bytea, files = $6 "
    "where arena_id = $1::int and partition = $2 and state = 'open'"};

partition partition_of(const pqxx::row& row) {
  partition p;
  p.arena = int_of(row[0]);
  p.name = text_of(row[1]);
  p.from_txid = static_cast<std::uint64_t>(integer_of(row[2]));
  p.to_txid = static_cast<std::uint64_t>(integer_of(row[3]));
  p.created_day = text_of(row[4]);
  p.key = bytes_of(row[5]);
  p.sealed = bool_of(row[6]);
  p.policy = text_of(row[7]);
  p.sealed_at = optional_time_of(row[8]);
  p.votes = integer_of(row[9]);
  p.bytes = integer_of(row[10]);
  p.manifest_sha256 = hex_of(row[11]);
  p.files = text_of(row[12]);
  return p;
}

std::vector<partition> all_of(const pqxx::result& rows) {
  std::vector<partition> all;
  for (const auto& row : rows) all.push_back(partition_of(row));
  return all;
}

// An arena has a dozen partitions a year, so one statement serves every question.
template <class Wanted>
std::optional<partition> find_partition(session& db, int arena, Wanted wanted) {
  for (partition& p : all_of(db.exec(list_all, arena)))
    if (wanted(p)) return std::move(p);
  return std::nullopt;
}

class postgres_release_store final : public releases::release_store {
 public:
  explicit postgres_release_store(connection_settings settings) : session_(std::move(settings)) {}

  bool lock() override { return session_.hold("release"); }

  std::vector<std::string> arena_slugs() override {
    return session_.use([](session& db) {
      std::vector<std::string> slugs;
      for (const auto& row : db.exec(list_slugs)) slugs.emplace_back(text_of(row[0]));
      return slugs;
    });
  }

  std::optional<arena_row> find_arena(const std::string& slug) override {
    return session_.use([&](session& db) -> std::optional<arena_row> {
      const auto found = db.exec(find_arena_by_slug, slug);
      if (found.empty()) return std::nullopt;
      arena_row a{int_of(found[0][0]), slug, std::string(text_of(found[0][2])), {}};
      for (const auto& row : db.exec(find_systems, a.id))
        a.systems.emplace_back(int_of(row[0]), text_of(row[1]));
      return a;
    });
  }

  std::optional<partition> open_partition(int arena) override {
    return session_.use([&](session& db) {
      return find_partition(db, arena, [](const partition& p) { return !p.sealed; });
    });
  }
  std::optional<partition> find(int arena, const std::string& name) override {
    return session_.use([&](session& db) {
      return find_partition(db, arena, [&](const partition& p) { return p.name == name; });
    });
  }
  std::vector<partition> list(int arena) override {
    return session_.use([&](session& db) { return all_of(db.exec(list_all, arena)); });
  }

  partition open(int arena, std::string name, std::string key, std::string policy,
                 std::string created_day, time_point cast_before) override {
    return session_.use([&](session& db) {
      return db.transact([&] {
        db.exec(open_new, arena, name, to_bytea(key), policy, created_day, to_sql(cast_before));
        return find_partition(db, arena, [&](const partition& p) { return p.name == name; })
            .value();
      });
    });
  }

  void read(const partition& p,
            const std::function<void(const releases::released_battle&)>& each) override {
    session_.use([&](session& db) { db.transact([&] { read_released(db, p, each); }); });
  }

  void discard(const partition& p) override {
    session_.use([&](session& db) { db.exec(discard_open, p.arena, p.name); });
  }

  void seal(const partition& p) override {
    session_.use([&](session& db) {
      if (db.exec(seal_open, p.arena, p.name, p.votes, p.bytes, hex_to_bytea(p.manifest_sha256),
                  p.files)
              .affected_rows() != 1)
        throw std::runtime_error("the partition " + p.name + " is not open");
    });
  }

 private:
  blocking_session session_;
};

class postgres_release_list final : public releases::release_list {
 public:
  explicit postgres_release_list(pool& calls) : calls_(calls) {}

  awaitable<result<std::vector<partition>>> sealed(int arena) override {
    return calls_.run({.name = "list_releases", .retry = true},
                      [arena](session& db) { return all_of(db.exec(list_sealed, arena)); });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<releases::release_store> make_release_store(connection_settings settings) {
  return std::make_unique<postgres_release_store>(std::move(settings));
}

std::unique_ptr<releases::release_list> make_release_list(pool& calls) {
  return std::make_unique<postgres_release_list>(calls);
}

}  // namespace agon::store
