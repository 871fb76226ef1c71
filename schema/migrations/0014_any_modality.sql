-- Battles of any modality: texts are kept with their output, pictures have a size, and what
-- is on the screen counts as seen the way that what is played counts as heard.
alter table agon.output
  add column text         text check (octet_length(text) <= 262144),
  add column width        int,
  add column height       int,
  add column cut_off      boolean not null default false,  -- the text ends in the middle
  -- The name by which the text tells who wrote it ("I am ChatGPT"); empty if it does not.
  add column names_itself text not null default '';

-- An answer of the battle named its system or maker, so its voter was not blind: the vote is
-- kept, and left out of every board and release.
alter table agon.battle add column self_named boolean not null default false;

-- visible, hidden: the output came on the screen, left it; scroll: it was moved there.
alter table agon.exposure drop constraint exposure_kind_check;
alter table agon.exposure add constraint exposure_kind_check
  check (kind in ('play', 'pause', 'seek', 'tick', 'ended', 'visible', 'scroll', 'hidden'));
