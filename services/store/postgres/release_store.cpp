#include "services/store/postgres/release_store.hpp"

#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/release_rows.hpp"

namespace agon::store {
namespace {

using releases::partition;
using releases::partition_state;

constexpr statement find_arena_by_slug{
    "release_find_arena",
    "select a.id, a.slug, v.source, to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD') from "
    "agon.arena a join agon.arena_version v"
    " on v.arena_id = a.id and v.version = a.current_version where a.slug = $1"};
constexpr statement list_slugs{"release_arenas", "select slug from agon.arena order by slug"};
constexpr statement find_systems{
    "release_systems", "select id, slug from agon.system where arena_id = $1::int order by id"};

constexpr statement list_all{
    "release_list",
    "select arena_id, partition, agon.txid_number(from_txid), agon.txid_number(to_txid),"
    " created_day, key, state, policy, sealed_at, votes, bytes, manifest_sha256, files, revision,"
    " folder, people, people_text, public_key, revised_at, retracted_at, retraction "
    "from agon.release where arena_id = $1::int order by agon.txid_number(from_txid), partition"};

// The server's role sees neither keys nor transactions.
constexpr statement list_published{
    "release_list_published",
    "select arena_id, partition, 0, 0, created_day, null::bytea, state, policy, sealed_at, votes,"
    " bytes, manifest_sha256, files, revision, folder, 0, 0, public_key, revised_at, retracted_at,"
    " retraction from agon.release where arena_id = $1::int and state <> 'open' "
    "order by sealed_at desc, partition desc"};

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
    " bytes = $4::bigint, manifest_sha256 = $5::bytea, files = $6, people = $7::bigint,"
    " people_text = $8::bigint, public_key = $9 "
    "where arena_id = $1::int and partition = $2 and state = 'open'"};

constexpr statement revise_sealed{
    "release_revise",
    "update agon.release set revision = $10::int, folder = $11, revised_at = now(),"
    " votes = $3::bigint, bytes = $4::bigint, manifest_sha256 = $5::bytea, files = $6,"
    " people = $7::bigint, people_text = $8::bigint, public_key = $9 "
    "where arena_id = $1::int and partition = $2 and state = 'sealed' and revision = $10::int - 1"};

constexpr statement retract_sealed{
    "release_retract",
    "update agon.release set state = 'retracted', retracted_at = now(), retraction = $3,"
    " files = '[]', bytes = 0 "
    "where arena_id = $1::int and partition = $2 and state = 'sealed'"};

// From the catalogue itself: the schema information tells of those columns alone that the role
// may read, and a new one would go unseen.
constexpr statement list_source_columns{
    "release_source_columns",
    "select c.relname || '.' || a.attname from pg_catalog.pg_attribute a "
    "join pg_catalog.pg_class c on c.oid = a.attrelid "
    "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname = 'agon' and c.relname in ('battle', 'judgment', 'output')"
    " and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum"};

partition_state state_of(std::string_view text) {
  if (text == "open") return partition_state::open;
  return text == "sealed" ? partition_state::sealed : partition_state::retracted;
}

partition partition_of(const pqxx::row& row) {
  partition p;
  p.arena = int_of(row[0]);
  p.name = text_of(row[1]);
  p.from_txid = static_cast<std::uint64_t>(integer_of(row[2]));
  p.to_txid = static_cast<std::uint64_t>(integer_of(row[3]));
  p.created_day = text_of(row[4]);
  p.key = bytes_of(row[5]);
  p.state = state_of(text_of(row[6]));
  p.policy = text_of(row[7]);
  p.sealed_at = optional_time_of(row[8]);
  p.votes = integer_of(row[9]);
  p.bytes = integer_of(row[10]);
  p.manifest_sha256 = hex_of(row[11]);
  p.files = text_of(row[12]);
  p.revision = int_of(row[13]);
  p.folder = text_of(row[14]);
  p.people = integer_of(row[15]);
  p.people_text = integer_of(row[16]);
  p.public_key = text_of(row[17]);
  p.revised_at = optional_time_of(row[18]);
  p.retracted_at = optional_time_of(row[19]);
  p.retraction = text_of(row[20]);
  return p;
}

std::vector<partition> all_of(const pqxx::result& rows) {
  std::vector<partition> all;
  for (const auto& row : rows) all.push_back(partition_of(row));
  return all;
}

void must_change_one(const pqxx::result& done, const partition& p, const char* state) {
  if (done.affected_rows() != 1)
    throw std::runtime_error("the partition " + p.name + " is not " + state);
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
      arena_row a{int_of(found[0][0]),
                  slug,
                  std::string(text_of(found[0][2])),
                  std::string(text_of(found[0][3])),
                  {}};
      for (const auto& row : db.exec(find_systems, a.id))
        a.systems.emplace_back(int_of(row[0]), text_of(row[1]));
      return a;
    });
  }

  std::optional<partition> open_partition(int arena) override {
    return session_.use([&](session& db) {
      return find_partition(db, arena,
                            [](const partition& p) { return p.state == partition_state::open; });
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

  releases::release_census census(const partition& p) override {
    return session_.use(
        [&](session& db) { return db.transact([&] { return count_people(db, p); }); });
  }

  std::vector<std::string> source_columns() override {
    return session_.use([](session& db) {
      std::vector<std::string> columns;
      for (const auto& row : db.exec(list_source_columns)) columns.emplace_back(text_of(row[0]));
      return columns;
    });
  }

  void discard(const partition& p) override {
    session_.use([&](session& db) { db.exec(discard_open, p.arena, p.name); });
  }

  void seal(const partition& p) override {
    session_.use([&](session& db) {
      must_change_one(
          db.exec(seal_open, p.arena, p.name, p.votes, p.bytes, hex_to_bytea(p.manifest_sha256),
                  p.files, p.people, p.people_text, p.public_key),
          p, "open");
    });
  }

  void revise(const partition& p) override {
    session_.use([&](session& db) {
      must_change_one(
          db.exec(revise_sealed, p.arena, p.name, p.votes, p.bytes, hex_to_bytea(p.manifest_sha256),
                  p.files, p.people, p.people_text, p.public_key, p.revision, p.folder),
          p, "sealed");
    });
  }

  void retract(const partition& p) override {
    session_.use([&](session& db) {
      must_change_one(db.exec(retract_sealed, p.arena, p.name, p.retraction), p, "sealed");
    });
  }

 private:
  blocking_session session_;
};

class postgres_release_list final : public releases::release_list {
 public:
  explicit postgres_release_list(pool& calls) : calls_(calls) {}

  awaitable<result<std::vector<partition>>> published(int arena) override {
    return calls_.run({.name = "list_releases", .retry = true},
                      [arena](session& db) { return all_of(db.exec(list_published, arena)); });
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
