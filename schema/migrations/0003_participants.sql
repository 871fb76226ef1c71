create table person.participant (
  id         uuid primary key,
  source     text not null check (source in ('human', 'model', 'simulated')),
  created_at timestamptz not null default now()
);

-- What a participant agreed to. Append-only: the newest row of an arena counts.
create table person.consent (
  arena_id       int   not null,
  participant_id uuid  not null references person.participant on delete cascade,
  given_at       timestamptz not null default clock_timestamp(),
  text_sha256    bytea not null,
  purposes       text[] not null,
  primary key (participant_id, arena_id, given_at),
  foreign key (arena_id, text_sha256) references agon.consent_text (arena_id, sha256)
);
