-- What the rating job has counted, up to (not including) a transaction.
create table agon.rating_state (
  arena_id  int  not null references agon.arena,
  segment   text not null default '',
  watermark xid8 not null,
  elo       text not null,                       -- resumable state, canonical JSON
  votes     bigint not null,
  primary key (arena_id, segment)
);

create table agon.tally (
  arena_id int not null references agon.arena,
  segment  text not null default '',
  system_a int not null,
  system_b int not null,
  wins_a   bigint not null,
  wins_b   bigint not null,
  ties     bigint not null,
  both_bad bigint not null,
  primary key (arena_id, segment, system_a, system_b),
  check (system_a < system_b)
);

-- Published boards: the newest one of each hour is kept, so history stays small
-- however often a board moves.
create table agon.board (
  arena_id      int    not null references agon.arena,
  method        text   not null,
  segment       text   not null default '',
  hour          timestamptz not null,
  version       bigint not null,
  computed_at   timestamptz not null,
  votes         bigint not null,
  inputs_sha256 bytea  not null check (length(inputs_sha256) = 32),
  body          text   not null,                 -- canonical JSON
  primary key (arena_id, method, segment, hour)
);
