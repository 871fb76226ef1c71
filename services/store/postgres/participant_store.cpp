#include "services/store/postgres/participant_store.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using participants::consent;

constexpr statement make_participant{"participant_make",
                                     "insert into person.participant (id, source) values "
                                     "($1::uuid, 'human') on conflict do nothing"};

constexpr statement keep_consent{
    "consent_give",
    "insert into person.consent (participant_id, arena_id, text_sha256, purposes, given_at) "
    "values ($1::uuid, $2::int, $3::bytea, $4::text[], $5::timestamptz) on conflict do nothing"};

constexpr statement newest_consents{
    "consent_newest",
    "select distinct on (arena_id) arena_id, text_sha256, purposes, given_at from person.consent "
    "where participant_id = $1::uuid order by arena_id, given_at desc"};

class postgres_participant_store final : public participants::participant_store {
 public:
  explicit postgres_participant_store(pool& calls) : calls_(calls) {}

  awaitable<result<void>> give_consent(participant_id p, consent c) override {
    return calls_.run({.name = "give_consent", .retry = true}, [p, c = std::move(c)](session& db) {
      db.transact([&] {
        db.exec(make_participant, to_sql(p));
        db.exec(keep_consent, to_sql(p), c.arena, hex_to_bytea(c.text_sha256), to_array(c.purposes),
                to_sql(c.given_at));
      });
    });
  }

  awaitable<result<std::vector<consent>>> consents(participant_id p) override {
    return calls_.run({.name = "consents", .retry = true}, [p](session& db) {
      std::vector<consent> all;
      for (const auto& row : db.exec(newest_consents, to_sql(p)))
        all.push_back(
            {int_of(row[0]), hex_of(row[1]), parse_array(text_of(row[2])), time_of(row[3])});
      return all;
    });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<participants::participant_store> make_participant_store(pool& calls) {
  return std::make_unique<postgres_participant_store>(calls);
}

}  // namespace agon::store
