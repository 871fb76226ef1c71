insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,
  protocol_version, body, nonce, idempotency_key, answered_at)
values (1, (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
      || substr(gen_random_uuid()::text, 16, 3) || substr(gen_random_uuid()::text, 20))::uuid,
  '0193b6a0-5a7e-7c11-8d02-5f6f1c3a9b10', 'overall', 'comparison', 0, 1,
  '{"active_seconds":9.25,"answered_at":"2026-01-01T12:00:00.375Z","battle":"0193b6a0-5a7e-7c11-8d02-5f6f1c3a9b11","client_answered_at":"2026-01-01T12:00:00.375Z","client_shown_at":"2026-01-01T11:59:50.125Z","criterion":"overall","kind":"comparison","participant":"0193b6a0-5a7e-7c11-8d02-5f6f1c3a9b10","phase":"immediate","question":"overall","source":"human","target":"pair","value":{"winner":"a"}}',
  '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  '0193b6a0-5a7e-7c11-8d02-5f6f1c3a9b11', now())
