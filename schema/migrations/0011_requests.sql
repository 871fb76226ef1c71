-- What a prompt was made into, by whom, and how far each system supports it.
alter table agon.battle
  add column request      text   not null default '{}',  -- canonical JSON, by the arena version's schema
  add column routing      text   not null default '{}',  -- canonical JSON: who decided (rules, endpoint), how long it took
  -- per slot: 'full', or 'partial:' and the fields that stay without effect or are met nearly
  add column slot_support text[] not null default '{}',
  add column sampling     text   not null default '{}';  -- canonical JSON: how the policy came to the pair

-- Prompts that were refused: counted and not kept, neither the text nor who sent it.
create table agon.refusal (
  arena_id   int    not null references agon.arena,
  day        date   not null,
  reason     text   not null check (reason in ('sexual_minors', 'self_harm', 'violence', 'hate',
                                               'sexual', 'illegal', 'personal_data', 'off_topic')),
  decided_by text   not null check (decided_by in ('rules', 'endpoint')),
  prompts    bigint not null check (prompts > 0),
  primary key (arena_id, day, reason, decided_by)
);
grant select on agon.refusal to agon_serve, agon_rate;
grant insert, update on agon.refusal to agon_serve;
