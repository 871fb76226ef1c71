"""Battles that wait for their vote, made in the database, and sessions of their owners."""

import base64
import hashlib
import hmac

UUID7 = """(lpad(to_hex((extract(epoch from {moment}) * 1000)::bigint), 12, '0') || '7'
  || substr(gen_random_uuid()::text, 16, 3) || substr(gen_random_uuid()::text, 20))::uuid"""

# Battles that were shown and heard, one row of the same shape that the server writes.
# Their ids are UUIDv7 of a moment each, spread over the last `minutes`.
MAKE_BATTLES = """
create temp table someone as
  select n, {uuid_of_an_hour_ago} as id from generate_series(0, {people} - 1) n;
insert into person.participant (id, source) select id, 'simulated' from someone;
insert into agon.battle (arena_id, id, participant_id, arena_version, protocol_version, state,
  prompt, prompt_source, language, slot_system, slot_output, generation_seconds, required_seconds,
  heard_seconds, gate_met_at, sampling_probability, sampling_policy, consent_sha256, purposes,
  created_at, ready_at, expires_at)
select a.id, {uuid_of_moment}, someone.id, a.current_version, v.protocol_version, 'ready',
  'The quick brown fox jumps over the lazy dog near ' || m.n || ' rivers.', 'typed', 'en',
  array[1 + m.n % s.systems, 1 + (m.n + 1 + (m.n / s.systems) % (s.systems - 1)) % s.systems],
  array[gen_random_uuid(), gen_random_uuid()], array[0.412, 0.655], array[2.5, 2.75],
  array[2.6, 2.8], m.moment + interval '20 s', 2.0 / (s.systems * (s.systems - 1)), 'weights',
  c.sha256, array['take_part', 'be_counted', 'publish_votes', 'publish_text'],
  m.moment, m.moment + interval '1 s', now() + interval '6 hours'
from (select n::int, greatest(date_trunc('month', now() at time zone 'UTC') at time zone 'UTC',
        now() - interval '1 minute' * {minutes} * (1 - n::float8 / {count})) as moment
      from generate_series(0, {count} - 1) n) m
join someone on someone.n = m.n % {people}
join agon.arena a on a.slug = '{arena}'
join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version
cross join (select count(*)::int as systems from agon.system where active) s
cross join lateral (select sha256 from agon.consent_text t where t.arena_id = a.id limit 1) c;
insert into person.consent (arena_id, participant_id, given_at, text_sha256, purposes)
  select distinct on (arena_id, participant_id) arena_id, participant_id, created_at, consent_sha256,
    purposes from agon.battle order by arena_id, participant_id, created_at on conflict do nothing;
"""


def make_battles(postgres, arena, count, people, minutes=60):
    postgres.sql(
        MAKE_BATTLES.format(arena=arena, count=count, people=people, minutes=minutes,
                            uuid_of_an_hour_ago=UUID7.format(moment="now() - interval '1 hour'"),
                            uuid_of_moment=UUID7.format(moment="m.moment")),
        seconds=600)
    postgres.sql("vacuum analyze agon.battle; checkpoint", seconds=600)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def session_cookie(secret, participant):
    """What services/http/signed_cookie.cpp makes of a session; the server checks it in full."""
    message = b"agon cookie 1\0agon-session\0" + participant.encode()
    mac = hmac.new(secret, message, hashlib.sha256).digest()
    return f"__Host-agon-session={encode(participant.encode())}.{encode(mac)}"
