-- Everything that belongs to a battle is partitioned by month on the battle's UUIDv7,
-- so its id alone finds the partition. arena_id stands in every key, so that the
-- tables can be distributed on it.

-- A battle with what its judging needs, so that one look-up answers: who may judge,
-- until when, whether the gate is open, and which systems to reveal. Slots are in
-- order: element 1 is slot A.
create table agon.battle (
  arena_id             int  not null,
  id                   uuid not null,
  participant_id       uuid not null,
  arena_version        int  not null,
  protocol_version     int  not null,
  -- judged and revealed are told by the vote's presence: no second write per vote
  state                text not null check (state in ('admitted', 'generating', 'ready', 'failed', 'expired')),
  prompt               text not null,
  prompt_source        text not null check (prompt_source in ('typed', 'random')),
  language             text not null default '',
  slot_system          int[]  not null default '{}',
  slot_output          uuid[] not null default '{}',
  generation_seconds   float8[] not null default '{}',
  required_seconds     float8[] not null default '{}',  -- per slot, by the gate
  heard_seconds        float8[] not null default '{}',  -- per slot, distinct seconds played
  gate_met_at          timestamptz,
  -- probability with which the policy draws this pair, in either order
  sampling_probability float8 not null check (sampling_probability > 0 and sampling_probability <= 1),
  sampling_policy      text not null,
  consent_sha256       bytea  not null,
  purposes             text[] not null,
  created_at           timestamptz not null,
  ready_at             timestamptz,
  expires_at           timestamptz not null,
  failure              text not null default '',
  primary key (id, arena_id),
  check (state <> 'ready' or (cardinality(slot_system) >= 2
                              and cardinality(slot_output) = cardinality(slot_system)
                              and cardinality(generation_seconds) = cardinality(slot_system)
                              and cardinality(required_seconds) = cardinality(slot_system)
                              and ready_at is not null))
) partition by range (id);

-- Battles whose server died while it generated are found by this.
create index battle_unfinished on agon.battle (created_at) where state in ('admitted', 'generating');

-- Every attempt of a system in a slot, the failed and replaced ones too.
create table agon.output (
  arena_id           int  not null,
  battle_id          uuid not null,
  slot               smallint not null check (slot between 0 and 3),
  turn               smallint not null default 0,
  attempt            smallint not null,
  id                 uuid not null,
  system_id          int  not null,
  status             text not null check (status in ('shown', 'failed', 'unused')),
  error              text not null default '',   -- an error's name, never a system's own text
  generation_seconds float8 not null,
  media_name         text,                       -- random; the file's name and its URL
  media_type         text,
  media_sha256       bytea,
  media_bytes        bigint,
  seconds            float8,
  loudness_lufs      float8,
  peaks              bytea,
  created_at         timestamptz not null default now(),
  primary key (battle_id, slot, turn, attempt, arena_id)
) partition by range (battle_id);

create table agon.exposure (
  arena_id        int      not null,
  battle_id       uuid     not null,
  sequence        int      not null,
  slot            smallint not null check (slot between 0 and 3),
  kind            text     not null check (kind in ('play', 'pause', 'seek', 'tick', 'ended')),
  position        float8   not null,             -- seconds into the output
  client_at       timestamptz not null,
  received_at     timestamptz not null,
  primary key (battle_id, sequence, arena_id)
) partition by range (battle_id);

-- The Idempotency-Keys under which battles were asked for.
create table agon.battle_request (
  participant_id uuid not null,
  key            text not null,
  arena_id       int  not null,
  battle_id      uuid not null,
  request_sha256 bytea not null,                 -- another request under the same key is a conflict
  created_at     timestamptz not null default now(),
  primary key (participant_id, key)
);
create index battle_request_age on agon.battle_request using brin (created_at);
