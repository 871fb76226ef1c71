-- The smallest UUIDv7 of a moment.
create function agon.first_uuid_of(moment timestamptz) returns uuid
language sql immutable strict
return (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- xid8 has no BRIN operator class in PostgreSQL 15; its number has.
create function agon.txid_number(xid8) returns bigint
language sql immutable strict parallel safe
return $1::text::bigint;

-- Makes the monthly partitions from last month to `months_ahead` months from now.
-- Safe to call at any time and from several servers at once.
create function agon.ensure_partitions(months_ahead int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
  parent  text;
  month   timestamptz;
  name    text;
  made    int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('agon.ensure_partitions'));
  for step in -1..months_ahead loop
    month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
    foreach parent in array array['battle', 'output', 'exposure', 'judgment'] loop
      name := parent || to_char(month at time zone 'UTC', '_YYYY_MM');
      if to_regclass('agon.' || name) is null then
        execute format('create table agon.%I partition of agon.%I for values from (%L) to (%L)',
                       name, parent, agon.first_uuid_of(month),
                       agon.first_uuid_of((month at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
        if parent = 'judgment' then
          -- Nearly free to keep, and finds the rows above a watermark.
          execute format('create index on agon.%I using brin (agon.txid_number(txid)) '
                         'with (pages_per_range = 16, autosummarize = on)', name);
        end if;
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;

select agon.ensure_partitions(3);
