-- Votes that were taken back. A judgment is never changed: that it does not count any more is a
-- row of its own, for good. txid tells the rating job which withdrawals are new, as it does
-- of judgments.
create table agon.withdrawal (
  arena_id       int  not null references agon.arena,
  battle_id      uuid not null,
  participant_id uuid not null,
  withdrawn_at   timestamptz not null,
  txid           xid8 not null default pg_current_xact_id(),
  primary key (battle_id, participant_id, arena_id)
);
create index withdrawal_new on agon.withdrawal (arena_id, agon.txid_number(txid));

grant select on agon.withdrawal to agon_serve, agon_rate, agon_release;
grant insert on agon.withdrawal to agon_serve;
