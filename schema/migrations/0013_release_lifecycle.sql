-- What became of each participant's consent, for the release, which has no right to read
-- person: what is agreed to now, and when publication was last declined. A participant who was
-- erased has no row. Runs with its owner's rights.
create view agon.consent_in_force as
  select arena_id, participant_id,
    (array_agg('be_counted' = any(purposes) order by given_at desc))[1] as counted,
    (array_agg('publish_votes' = any(purposes) order by given_at desc))[1] as votes,
    (array_agg('publish_text' = any(purposes) order by given_at desc))[1] as text,
    max(given_at) filter (where not 'publish_votes' = any(purposes)) as votes_declined_at,
    max(given_at) filter (where not 'publish_text' = any(purposes)) as text_declined_at
  from person.consent group by arena_id, participant_id;
grant select on agon.consent_in_force to agon_release;

-- A sealed partition changes by revision, which only withdraws rows, or is retracted.
alter table agon.release
  drop constraint release_state_check,
  drop constraint release_check1,
  drop constraint release_check2,
  add constraint release_state_check check (state in ('open', 'sealed', 'retracted')),
  add constraint release_key_while_open check ((state = 'open') = (key is not null)),
  add constraint release_sealed_once check ((state = 'open') = (sealed_at is null)),
  -- of the key that is or was: two partitions under one key could be joined
  add column key_sha256   bytea unique,
  add column revision     int    not null default 0 check (revision >= 0),
  add column folder       text   not null default '',   -- in the arena's folder; '': the partition's name
  add column people       bigint not null default 0,    -- whose votes the newest revision holds
  add column people_text  bigint not null default 0,    -- and whose prompts or comments
  add column public_key   text   not null default '',   -- minisign's, of who signed it
  add column revised_at   timestamptz,
  add column retracted_at timestamptz,
  add column retraction   text   not null default '',   -- why, in a sentence
  add constraint release_retracted check ((state = 'retracted') = (retracted_at is not null)
                                          and (state = 'retracted') = (retraction <> ''));
grant select (revision, folder, public_key, revised_at, retracted_at, retraction)
  on agon.release to agon_serve;
