-- What of differential privacy is spent on an arena's votes: ρ of zero-concentrated
-- differential privacy, in billionths (privacy/dp/budget.hpp). Rows are written by the two
-- functions below alone, so that no mistake of a program can overdraw.
create table agon.privacy_budget (
  arena_id  int    not null references agon.arena,
  period    text   not null check (period ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  rho_total bigint not null check (rho_total between 0 and 1000000000000),
  rho_spent bigint not null default 0,
  primary key (arena_id, period),
  check (rho_spent between 0 and rho_total)
);
create table agon.privacy_spending (
  arena_id int    not null,
  period   text   not null,
  purpose  text   not null check (length(purpose) between 1 and 200),
  rho      bigint not null check (rho between 1 and 1000000000000),
  spent_at timestamptz not null default now(),
  primary key (arena_id, period, purpose),
  foreign key (arena_id, period) references agon.privacy_budget
);

-- Opens a period's budget, once: a later call changes nothing. Returns the total that holds.
create function agon.open_privacy_budget(arena int, which text, total bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
  held bigint;
begin
  insert into agon.privacy_budget (arena_id, period, rho_total) values (arena, which, total)
    on conflict do nothing;
  select rho_total into held from agon.privacy_budget where arena_id = arena and period = which;
  return held;
end $$;

-- Spends `amount` for a purpose: 'spent'; 'already', if it was spent for the same purpose
-- before; 'refused', if less is left, there is no budget, or the purpose had another amount.
create function agon.spend_privacy(arena int, which text, what text, amount bigint) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  budget  agon.privacy_budget;
  earlier bigint;
begin
  -- Whoever else spends of this budget waits here until we have committed.
  select * into budget from agon.privacy_budget
    where arena_id = arena and period = which for update;
  if not found then return 'refused'; end if;
  select rho into earlier from agon.privacy_spending
    where arena_id = arena and period = which and purpose = what;
  if found then return case when earlier = amount then 'already' else 'refused' end; end if;
  if amount is null or amount < 1 or amount > budget.rho_total - budget.rho_spent then
    return 'refused';
  end if;
  insert into agon.privacy_spending (arena_id, period, purpose, rho)
    values (arena, which, what, amount);
  update agon.privacy_budget set rho_spent = rho_spent + amount
    where arena_id = arena and period = which;
  return 'spent';
end $$;

revoke all on function agon.open_privacy_budget(int, text, bigint) from public;
revoke all on function agon.spend_privacy(int, text, text, bigint) from public;
grant execute on function agon.open_privacy_budget(int, text, bigint) to agon_release;
grant execute on function agon.spend_privacy(int, text, text, bigint) to agon_release;
grant select on agon.privacy_budget, agon.privacy_spending to agon_release, agon_serve;
