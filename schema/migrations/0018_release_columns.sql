-- The release may read what it publishes, and what decides whether it may: column by column. A
-- column that is added later cannot be read by it until a migration says so.
revoke select on all tables in schema agon from agon_release;

grant select on agon.arena, agon.arena_version, agon.system, agon.consent_in_force,
  agon.withdrawal, agon.erasure, agon.privacy_budget, agon.privacy_spending to agon_release;
grant select on agon.release to agon_release;
grant select (arena_id, source, format, licence, judges, began_at) on agon.import to agon_release;
grant select (arena_id, id, participant_id, prompt, language, slot_system, generation_seconds,
              heard_seconds, sampling_probability, purposes, self_named, created_at)
  on agon.battle to agon_release;
grant select (arena_id, battle_id, participant_id, question, kind, winner, protocol_version, body,
              answered_at, txid)
  on agon.judgment to agon_release;
grant select (arena_id, battle_id, slot, turn, attempt, system_id, status, media_sha256, seconds,
              generation_seconds, loudness_lufs)
  on agon.output to agon_release;
