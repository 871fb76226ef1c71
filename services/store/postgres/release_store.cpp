#include "services/store/postgres/release_store.hpp"

#include <charconv>
#include <map>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/release_rows.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using releases::partition;
using releases::released_battle;

constexpr statement try_lock{"release_lock",
                             "select pg_try_advisory_lock(hashtext('agon.release'))"};
constexpr statement list_slugs{"release_arenas", "select slug from agon.arena order by slug"};
constexpr statement find_source{
    "release_arena",
    "select a.id, a.slug, v.source from agon.arena a "
    "join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version "
    "where a.slug = $1"};
constexpr statement list_systems{"release_systems",
                                 "select id, slug from agon.system where arena_id = $1::int"};

constexpr statement find_partitions{
    "release_partitions",
    "select arena_id, partition, from_txid, to_txid, created_day, key, state, policy, sealed_at,"
    " votes, bytes, manifest_sha256, files from agon.release where arena_id = $1::int "
    "order by to_txid desc"};

// Ends before the first vote that is too young, and before any transaction that may
// still be running.
constexpr statement open_partition_sql{
    "release_open",
    "with start as (select coalesce(max(to_txid), '0'::xid8) as txid from agon.release"
    " where arena_id = $1::int),"
    " young as (select min(j.txid) as txid from agon.judgment j, start"
    " where j.arena_id = $1::int and agon.txid_number(j.txid) >= agon.txid_number(start.txid)"
    " and j.answered_at >= $6::timestamptz) "
    "insert into agon.release (arena_id, partition, from_txid, to_txid, created_day, key, state,"
    " policy) "
    "select $1::int, $2, start.txid,"
    " greatest(start.txid, least(young.txid, pg_snapshot_xmin(pg_current_snapshot()))), $5::date,"
    " $3::bytea, 'open', $4 from start, young"};

constexpr statement seal_partition{
    "release_seal",
    "update agon.release set state = 'sealed', key = null, sealed_at = $3::timestamptz,"
    " votes = $4::bigint, bytes = $5::bigint, manifest_sha256 = $6::bytea, files = $7 "
    "where arena_id = $1::int and partition = $2 and state = 'open'"};

constexpr statement list_sealed{
    "release_list_sealed",
    "select arena_id, partition, sealed_at, votes, bytes, manifest_sha256, files from agon.release "
    "where arena_id = $1::int and state = 'sealed' order by sealed_at desc"};

std::uint64_t xid_of(const pqxx::field& f) {
  return static_cast<std::uint64_t>(integer_of(f));
}

partition partition_of(const pqxx::row& row) {
  partition p;
  p.arena = int_of(row[0]);
  p.name = text_of(row[1]);
  p.from_txid = xid_of(row[2]);
  p.to_txid = xid_of(row[3]);
  p.created_day = text_of(row[4]);
  if (!row[5].is_null()) p.key = bytes_of(row[5]);
  p.sealed = text_of(row[6]) == "sealed";
  p.policy = text_of(row[7]);
  p.sealed_at = optional_time_of(row[8]);
  p.votes = integer_of(row[9]);
  p.bytes = integer_of(row[10]);
  p.manifest_sha256 = hex_of(row[11]);
  p.files = text_of(row[12]);
  return p;
}

class postgres_release_store final : public releases::release_store {
 public:
  explicit postgres_release_store(connection_settings settings)
      : db_((settings.statement_timeout = std::chrono::milliseconds(0), settings)) {}

  bool lock() override {
    if (!locked_) locked_ = bool_of(db_.exec(try_lock)[0][0]);
    return locked_;
  }

  std::vector<std::string> arena_slugs() override {
    std::vector<std::string> out;
    for (const auto& row : db_.exec(list_slugs)) out.emplace_back(text_of(row[0]));
    return out;
  }

  std::optional<arena_row> find_arena(const std::string& slug) override {
    const auto rows = db_.exec(find_source, slug);
    if (rows.empty()) return std::nullopt;
    arena_row a;
    a.id = int_of(rows[0][0]);
    a.slug = text_of(rows[0][1]);
    a.source = text_of(rows[0][2]);
    for (const auto& row : db_.exec(list_systems, a.id))
      a.systems.emplace_back(int_of(row[0]), text_of(row[1]));
    return a;
  }

  std::optional<partition> open_partition(int arena) override {
    for (partition& p : list(arena))
      if (!p.sealed) return std::move(p);
    return std::nullopt;
  }

  std::optional<partition> find(int arena, const std::string& name) override {
    for (partition& p : list(arena))
      if (p.name == name) return std::move(p);
    return std::nullopt;
  }

  std::vector<partition> list(int arena) override {
    std::vector<partition> out;
    for (const auto& row : db_.exec(find_partitions, arena)) out.push_back(partition_of(row));
    return out;
  }

  partition open(int arena, std::string name, std::string key, std::string policy,
                 std::string created_day, time_point cast_before) override {
    db_.exec(open_partition_sql, arena, name, to_bytea(key), policy, created_day,
             to_sql(cast_before));
    return find(arena, name).value();
  }

  void read(const partition& p, const std::function<void(const released_battle&)>& each) override {
    db_.transact([&] { read_released(db_, p, each); });
  }

  void seal(const partition& p) override {
    db_.exec(seal_partition, p.arena, p.name, to_sql(p.sealed_at.value()), p.votes, p.bytes,
             hex_to_bytea(p.manifest_sha256), p.files);
  }

 private:
  session db_;
  bool locked_ = false;
};

class postgres_release_list final : public releases::release_list {
 public:
  explicit postgres_release_list(pool& calls) : calls_(calls) {}

  awaitable<result<std::vector<partition>>> sealed(int arena) override {
    return calls_.run({.name = "release_list", .retry = true}, [arena](session& db) {
      std::vector<partition> out;
      for (const auto& row : db.exec(list_sealed, arena)) {
        partition p;
        p.arena = int_of(row[0]);
        p.name = text_of(row[1]);
        p.sealed = true;
        p.sealed_at = time_of(row[2]);
        p.votes = integer_of(row[3]);
        p.bytes = integer_of(row[4]);
        p.manifest_sha256 = hex_of(row[5]);
        p.files = text_of(row[6]);
        out.push_back(std::move(p));
      }
      return out;
    });
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
