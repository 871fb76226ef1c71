create table agon.arena (
  id              int  generated always as identity primary key,
  slug            text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
  current_version int  not null check (current_version > 0),
  created_at      timestamptz not null default now()
);

-- The arena file as it was applied; what happened under a version can always be told.
create table agon.arena_version (
  arena_id         int  not null references agon.arena,
  version          int  not null check (version > 0),
  protocol_version int  not null check (protocol_version > 0),
  source           text not null,                      -- the YAML, byte for byte
  protocol         text not null,                      -- its questions as canonical JSON
  applied_at       timestamptz not null default now(),
  primary key (arena_id, version)
);

-- A system keeps its id for ever: votes point at it after it has left the file.
create table agon.system (
  arena_id int  not null references agon.arena,
  id       int  not null check (id > 0),               -- counts up within the arena
  slug     text not null check (slug ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  card     text not null,                              -- canonical JSON: name, maker, url, licence, description
  active   boolean not null,
  added_at timestamptz not null default now(),
  primary key (arena_id, id),
  unique (arena_id, slug)
);

create table agon.consent_text (
  arena_id int   not null references agon.arena,
  sha256   bytea not null check (length(sha256) = 32),
  title    text  not null,
  body     text  not null,
  added_at timestamptz not null default now(),
  primary key (arena_id, sha256)
);
