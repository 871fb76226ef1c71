-- Votes that were given elsewhere. An arena that has a row here holds imported votes alone, so
-- that the board of an arena where people vote never counts them.
create table agon.import (
  arena_id int   not null references agon.arena,
  source   text  not null check (length(source) between 1 and 200),
  format   text  not null check (format in ('music-arena', 'lmsys', 'comparia', 'pairs')),
  licence  text  not null,                         -- of the arena's votes; empty: nothing is published
  judges   text  not null check (judges in ('human', 'model', 'simulated')),
  -- Ids of battles and pseudonyms of participants are keyed by it: they can be made again from the
  -- file, and the source's names for people cannot be found by trying.
  salt     bytea not null check (length(salt) = 32),
  began_at timestamptz not null,                   -- also the time of votes that have none
  primary key (arena_id, source)
);
grant select (arena_id, source, format, licence, judges, began_at) on agon.import
  to agon_serve, agon_rate, agon_release;

-- The partitions of one month, however long ago. For imports alone: agon.ensure_partitions makes
-- those of the present.
create function agon.ensure_partitions_of(moment timestamptz) returns int
language plpgsql set search_path = pg_catalog as $$
declare
  parent text;
  month  timestamptz := date_trunc('month', moment at time zone 'UTC') at time zone 'UTC';
  name   text;
  made   int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('agon.ensure_partitions'));
  foreach parent in array array['battle', 'output', 'exposure', 'judgment'] loop
    name := parent || to_char(month at time zone 'UTC', '_YYYY_MM');
    if to_regclass('agon.' || name) is null then
      execute format('create table agon.%I partition of agon.%I for values from (%L) to (%L)',
                     name, parent, agon.first_uuid_of(month),
                     agon.first_uuid_of((month at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
      if parent = 'judgment' then
        execute format('create index on agon.%I using brin (agon.txid_number(txid)) '
                       'with (pages_per_range = 16, autosummarize = on)', name);
      end if;
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;
