-- What people may do with what they gave: see it, take it along, withdraw it from releases,
-- have it erased; and what the operator's retention deletes by itself.

-- The role that deletes. Nobody else can: a mistake elsewhere cannot lose a vote.
do $$
begin
  begin
    create role agon_rights nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  if not pg_has_role(current_user, 'agon_rights', 'member') then
    execute format('grant agon_rights to %I', current_user);
  end if;
end $$;

-- Finds what a participant gave. Battles are made seldom enough for another index.
create index battle_of_participant on agon.battle (participant_id);

-- A link with which somebody without an account proves whose data they ask for: 256 random
-- bits, of which only the hash is kept. One at a time; a new one takes the place of the old.
create table person.capability (
  participant_id uuid primary key references person.participant on delete cascade,
  secret_sha256  bytea not null unique check (length(secret_sha256) = 32),
  made_at        timestamptz not null default now()
);

-- Erasures under way. The row goes with its last step, which comes some minutes after the
-- others: a server may have been writing a row of a battle while that was erased.
create table person.erasure (
  participant_id uuid primary key,
  asked_at       timestamptz not null default now(),
  asked_by       text not null check (asked_by in ('participant', 'operator')),
  deleted_at     timestamptz                     -- everything that was found then is gone
);
create table person.erased_battle (
  participant_id uuid not null references person.erasure on delete cascade,
  battle_id      uuid not null,
  primary key (participant_id, battle_id)
);
-- Media whose rows are gone: named here in the transaction that deletes the rows, so that no
-- file outlives a crash in between.
create table person.file_to_remove (
  name text primary key check (name ~ '^[0-9a-f]{32}$')
);

-- What is left of erased votes: how many, so that boards and releases account for all that were
-- cast. txid tells the rating job which are new, as it does of judgments.
create table agon.erasure (
  arena_id  int    not null,
  erased_on date   not null default (now() at time zone 'UTC')::date,
  votes     bigint not null check (votes > 0),
  txid      xid8   not null default pg_current_xact_id()
);
create index erasure_new on agon.erasure (arena_id, agon.txid_number(txid));

-- How far retention has come, by arena (0: all of them) and what it deletes.
create table agon.retention (
  arena_id   int  not null,
  kind       text not null check (kind in ('exposures', 'unjudged', 'idle')),
  done_until uuid not null,                      -- ids up to this one were looked at
  primary key (arena_id, kind)
);

-- What was done with people's data: the day, by whom, how many rows; never whose.
create table agon.audit (
  day    date   not null default (now() at time zone 'UTC')::date,
  actor  text   not null check (actor in ('participant', 'operator', 'retention')),
  action text   not null check (action in ('see', 'export', 'withdraw', 'erase', 'link', 'unlink',
                                           'retain')),
  what   text   not null check (what ~ '^[a-z_]{1,40}$'),
  rows   bigint not null check (rows >= 0)
);

grant usage on schema agon, person to agon_rights;
grant select on all tables in schema agon to agon_rights;
revoke select on agon.release, agon.import from agon_rights;
-- Which partitions may hold votes of somebody; never a key.
grant select (arena_id, partition, from_txid, to_txid, state) on agon.release to agon_rights;
grant select, insert, delete on person.participant, person.consent, person.erased_battle,
  person.file_to_remove to agon_rights;
grant select, insert, update, delete on person.capability, person.erasure to agon_rights;
grant delete on agon.battle, agon.output, agon.exposure, agon.judgment, agon.withdrawal,
  agon.battle_request, agon.quarantine to agon_rights;
grant insert on agon.erasure, agon.audit to agon_rights;
grant insert, update on agon.retention to agon_rights;

grant select on agon.erasure to agon_serve, agon_rate, agon_release;
