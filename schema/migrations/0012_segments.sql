-- The boards that the arena file declares, as canonical JSON (ratings/board_plan.hpp).
alter table agon.arena_version add column boards text not null default '[]';

-- Under what the stored tallies were counted and the stored boards computed: the rating
-- job counts afresh when the former, and computes afresh when the latter is another.
alter table agon.rating_state
  add column counted_as   text not null default '',
  add column published_as text not null default '';

-- The newest version of every board: the list of segments, and what events begin with.
create table agon.board_current (
  arena_id    int    not null references agon.arena,
  method      text   not null,
  segment     text   not null,
  version     bigint not null,
  hour        timestamptz not null,              -- its row in agon.board
  computed_at timestamptz not null,
  votes       bigint not null,
  primary key (arena_id, method, segment)
);
insert into agon.board_current
  select distinct on (arena_id, method, segment) arena_id, method, segment, version, hour, computed_at, votes
  from agon.board order by arena_id, method, segment, hour desc;

-- Participants whose votes do not count on public boards. A row is lifted, not deleted.
create table agon.quarantine (
  arena_id       int  not null references agon.arena,
  participant_id uuid not null,
  reason         text not null check (length(reason) between 1 and 200),
  since          timestamptz not null default now(),
  lifted_at      timestamptz,
  primary key (arena_id, participant_id)
);

-- How long systems take, over the outputs of the last 30 days; the rating job measures it.
create table agon.system_speed (
  arena_id          int    not null,
  system_id         int    not null,
  outputs           bigint not null,             -- that were shown
  failures          bigint not null,
  seconds_median    float8 not null,             -- of generation
  seconds_p90       float8 not null,
  real_time_factor  float8,                      -- median of generation over length; null without length
  measured_at       timestamptz not null,
  primary key (arena_id, system_id),
  foreign key (arena_id, system_id) references agon.system (arena_id, id)
);

-- What an output was like, in the order of the set that style_set names
-- (services/feedback/style.hpp); and beside a battle's vote the numbers of slot A, then
-- those of slot B, so that a refit reads neither texts nor outputs.
alter table agon.output
  add column style_set text     not null default '',
  add column style     float8[] not null default '{}';
alter table agon.battle
  add column style_set  text     not null default '',
  add column slot_style float8[] not null default '{}';

grant select on agon.board_current, agon.system_speed to agon_serve, agon_rate, agon_release;
grant insert, update on agon.board_current, agon.system_speed to agon_rate;
grant delete on agon.tally, agon.system_speed to agon_rate;
grant select on agon.quarantine to agon_serve, agon_rate, agon_release;
grant insert, update on agon.quarantine to agon_serve;
