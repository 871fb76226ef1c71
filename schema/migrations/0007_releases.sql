-- A partition covers the votes of the transactions [from_txid, to_txid). While it is
-- open it may be built again and gives the same bytes; sealing destroys its key.
create table agon.release (
  arena_id        int    not null references agon.arena,
  partition       text   not null check (partition ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  from_txid       xid8   not null,
  to_txid         xid8   not null,
  created_day     date   not null,
  key             bytea  check (length(key) = 32),
  state           text   not null check (state in ('open', 'sealed')),
  policy          text   not null,               -- canonical JSON, frozen at the first build
  sealed_at       timestamptz,
  votes           bigint not null default 0,
  bytes           bigint not null default 0,
  manifest_sha256 bytea,
  files           text   not null default '[]',  -- canonical JSON: path, bytes, sha256, rows
  primary key (arena_id, partition),
  check (from_txid <= to_txid),
  check ((state = 'sealed') = (key is null)),
  check ((state = 'sealed') = (sealed_at is not null))
);
-- At most one partition of an arena is open at a time, so ranges cannot overlap.
create unique index release_open on agon.release (arena_id) where state = 'open';
