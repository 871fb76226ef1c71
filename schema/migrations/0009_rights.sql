grant select on all tables in schema agon to agon_serve, agon_rate, agon_release;

grant insert, update on agon.battle to agon_serve;
grant insert on agon.output, agon.exposure, agon.judgment to agon_serve;
grant insert, delete on agon.battle_request to agon_serve;
grant insert on person.participant, person.consent to agon_serve;
grant select on person.participant, person.consent to agon_serve;
grant execute on function agon.ensure_partitions(int) to agon_serve;

grant insert, update on agon.rating_state, agon.tally, agon.board to agon_rate;

-- The release reads battles and judgments and has no right in person at all.
grant insert, update, delete on agon.release to agon_release;
revoke select on agon.battle_request, agon.exposure from agon_release;
revoke select on agon.release from agon_serve, agon_rate;
-- Whoever serves the list of releases needs no keys.
grant select (arena_id, partition, created_day, state, policy, sealed_at, votes, bytes, manifest_sha256, files)
  on agon.release to agon_serve;
