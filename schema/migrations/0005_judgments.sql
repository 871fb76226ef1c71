-- Append-only. One answer of one participant to one question about one battle; the
-- primary key is what makes a second vote impossible.
--
-- The vote (kind comparison, criterion overall) carries its winner as a number, for
-- tallies: 0 a, 1 b, 2 tie, 3 both_bad. body is the judgment in canonical JSON
-- (RFC 8785), nonce 32 random bytes: together they are a leaf of the vote log.
--
-- txid tells the rating job and the release which rows are new: every transaction
-- below pg_snapshot_xmin(pg_current_snapshot()) is finished, so that a watermark there
-- misses nothing, however commits interleave.
create table agon.judgment (
  arena_id         int      not null,
  battle_id        uuid     not null,
  participant_id   uuid     not null,
  question         text     not null,
  kind             text     not null check (kind in ('comparison', 'comment')),
  winner           smallint check (winner between 0 and 3),
  protocol_version int      not null,
  body             text     not null,
  nonce            bytea    not null check (length(nonce) = 32),
  idempotency_key  text     not null,
  answered_at      timestamptz not null,
  txid             xid8     not null default pg_current_xact_id(),
  primary key (battle_id, participant_id, question, arena_id),
  check (winner is null or kind = 'comparison')
) partition by range (battle_id);
