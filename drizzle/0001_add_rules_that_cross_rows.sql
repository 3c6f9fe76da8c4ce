-- Packed points do not compress; trying costs more than storing.
alter table metric_tail alter column data set storage external;
--> statement-breakpoint
alter table metric_block alter column data set storage external;
--> statement-breakpoint
alter table console_chunk alter column data set storage external;
--> statement-breakpoint
alter table metric_tail set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
alter table metric_latest set (fillfactor = 70);
--> statement-breakpoint
insert into instance default values on conflict do nothing;
--> statement-breakpoint
alter table members add constraint members_user foreign key (user_id) references users (id) on delete cascade;
--> statement-breakpoint
alter table experiments add constraint experiments_pinned_checkpoint
  foreign key (workspace_id, pinned_checkpoint_id) references checkpoints (workspace_id, id);
--> statement-breakpoint
alter table attempts add constraint attempts_from_checkpoint
  foreign key (workspace_id, from_checkpoint_id) references checkpoints (workspace_id, id);
--> statement-breakpoint
create unique index experiments_unstaged on experiments (project_id) where is_unstaged;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger audit_log_append_only before update or delete on audit_log for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_never_emptied before truncate on audit_log for each statement execute function refuse_change();
--> statement-breakpoint
-- One writer of edges per workspace at a time: two edges added at once cannot close a cycle between them.
create function refuse_cycle() returns trigger language plpgsql as $$
begin
  if new.superseded_at is not null then return new; end if;
  perform pg_advisory_xact_lock(hashtext('edges'), new.workspace_id);
  if exists (
    with recursive ancestors(id) as (
      select new.parent_id
      union
      select e.parent_id from edges e join ancestors a on e.child_id = a.id
      where e.workspace_id = new.workspace_id and e.superseded_at is null
    )
    select 1 from ancestors where id = new.child_id
  ) then
    raise exception 'edge % -> % closes a cycle', new.parent_id, new.child_id using errcode = 'check_violation', constraint = 'edges_acyclic';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger edges_acyclic before insert or update on edges for each row execute function refuse_cycle();
--> statement-breakpoint
-- A root says what it was made of; every other stage has a weight parent. Held at commit, so that both may be written in any order.
create function require_origin() returns trigger language plpgsql as $$
declare
  node bigint;
begin
  if tg_table_name = 'experiments' then node := new.id; else node := old.child_id; end if;
  if exists (
    select 1 from experiments x
    where x.id = node and not x.is_unstaged and x.root_kind is null
      and not exists (select 1 from edges e where e.child_id = x.id and e.superseded_at is null and e.kind in ('init', 'adapter_on', 'merge'))
  ) then
    raise exception 'experiment % has neither a root nor a weight parent', node using errcode = 'check_violation', constraint = 'experiments_origin';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger experiments_origin after insert or update on experiments
  deferrable initially deferred for each row execute function require_origin();
--> statement-breakpoint
create constraint trigger edges_origin after update or delete on edges
  deferrable initially deferred for each row execute function require_origin();
--> statement-breakpoint
create function require_whole_mixture() returns trigger language plpgsql as $$
declare
  node bigint := coalesce(new.experiment_id, old.experiment_id);
  total numeric;
begin
  select sum(share) into total from mixture_sources where experiment_id = node;
  if total is not null and abs(total - 1) > 0.001 then
    raise exception 'shares of experiment % sum to %', node, total using errcode = 'check_violation', constraint = 'mixture_sources_whole';
  end if;
  return null;
end $$;
--> statement-breakpoint
create constraint trigger mixture_sources_whole after insert or update or delete on mixture_sources
  deferrable initially deferred for each row execute function require_whole_mixture();
