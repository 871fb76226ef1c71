-- Two schemas: agon holds what is collected, person what could tell who it was.
-- Erasing a participant is a deletion in person plus tombstones in agon.
create schema agon;
create schema person;

-- Roles of the services. Nobody logs in as one of them: a connection logs in as the
-- operator's user and then runs SET ROLE, so that each part has just its rights.
-- Roles belong to the whole cluster: another database of it may have made them.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['agon_serve', 'agon_rate', 'agon_release'] loop
    begin
      execute format('create role %I nologin', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, wanted, 'member') then
      execute format('grant %I to %I', wanted, current_user);
    end if;
  end loop;
end $$;

grant usage on schema agon to agon_serve, agon_rate, agon_release;
grant usage on schema person to agon_serve;
