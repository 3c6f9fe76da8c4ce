CREATE TABLE "config_keys" (
	"workspace_id" integer NOT NULL,
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "config_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"path" text NOT NULL,
	CONSTRAINT "config_keys_path" UNIQUE("workspace_id","path")
);
--> statement-breakpoint
CREATE TABLE "config_values" (
	"project_id" integer NOT NULL,
	"key_id" integer NOT NULL,
	"run_id" bigint NOT NULL,
	"number" double precision,
	"text" text,
	"truth" boolean,
	CONSTRAINT "config_values_project_id_key_id_run_id_pk" PRIMARY KEY("project_id","key_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "run_tags" (
	"project_id" integer NOT NULL,
	"tag" text NOT NULL,
	"run_id" bigint NOT NULL,
	CONSTRAINT "run_tags_project_id_tag_run_id_pk" PRIMARY KEY("project_id","tag","run_id")
);
--> statement-breakpoint
ALTER TABLE "config_keys" ADD CONSTRAINT "config_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Indexes that hold all that a search reads, so that it never goes to the rows: those of 100,000 runs lie all over their table.
alter table config_values drop constraint config_values_project_id_key_id_run_id_pk;
--> statement-breakpoint
alter table config_values add constraint config_values_project_id_key_id_run_id_pk
  primary key (project_id, key_id, run_id) include (number, text, truth);
--> statement-breakpoint
-- The value first, for whoever does not know the key.
create index config_values_text on config_values (text, project_id) where text is not null;
--> statement-breakpoint
drop index metric_latest_project;
--> statement-breakpoint
create index metric_latest_project on metric_latest (project_id, metric_id, run_id) include (value, vmin, vmax);
--> statement-breakpoint
create index runs_search on runs (project_id, number desc)
  include (id, workspace_id, experiment_id, name, state, created_at, created_by, tokens, archived_at) where deleted_at is null;
--> statement-breakpoint
create index runs_noted on runs (project_id) where note <> '';
--> statement-breakpoint
alter table config_values set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
alter table run_tags set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
alter table runs set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
--> statement-breakpoint
-- Values of a config by their path, as src/core/runs/config-leaves.ts tells them. A name with dots in it stands before a path of the
-- same spelling.
create function config_leaves(config jsonb) returns table (path text, number double precision, value text, truth boolean)
language sql immutable parallel safe as $$
  with recursive leaves(path, leaf, depth) as (
    select key, value, 0 from jsonb_each(config)
    union all
    select l.path || '.' || e.key, e.value, l.depth + 1
    from leaves l, jsonb_each(case when jsonb_typeof(l.leaf) = 'object' then l.leaf else '{}' end) e
  )
  select distinct on (l.path) l.path,
    case when jsonb_typeof(l.leaf) = 'number' and (l.leaf = '0' or abs(l.leaf::numeric) between 1e-300 and 1e308) then l.leaf::float8 end,
    case jsonb_typeof(l.leaf) when 'string' then left(l.leaf #>> '{}', 500) when 'array' then left(l.leaf::text, 500) end,
    case when jsonb_typeof(l.leaf) = 'boolean' then l.leaf::boolean end
  from leaves l
  where jsonb_typeof(l.leaf) not in ('object', 'null') and length(l.path) between 1 and 500
  order by l.path, l.depth, l.leaf
$$;
--> statement-breakpoint
-- Writes the values of these runs, which must have none so far. Keys are numbered in one order, so that two writers never wait for
-- each other.
create function write_search_values(run_ids bigint[]) returns void language sql as $$
  with leaves as materialized (
    select r.workspace_id, r.project_id, r.id, l.path, l.number, l.value, l.truth
    from runs r, config_leaves(r.config) l where r.id = any(run_ids)
  ), fresh as (
    insert into config_keys (workspace_id, path)
    select distinct l.workspace_id, l.path from leaves l
    where not exists (select 1 from config_keys k where k.workspace_id = l.workspace_id and k.path = l.path)
    order by l.workspace_id, l.path
    on conflict (workspace_id, path) do update set path = excluded.path
    returning workspace_id, path, id
  ), keys as (
    select workspace_id, path, id from fresh
    union all
    select k.workspace_id, k.path, k.id from config_keys k
    where (k.workspace_id, k.path) in (select l.workspace_id, l.path from leaves l)
  )
  insert into config_values (project_id, key_id, run_id, number, text, truth)
  select l.project_id, k.id, l.id, l.number, l.value, l.truth
  from leaves l join keys k on k.workspace_id = l.workspace_id and k.path = l.path
  where num_nonnulls(l.number, l.value, l.truth) = 1;

  insert into run_tags (project_id, tag, run_id)
  select distinct r.project_id, u.tag, r.id from runs r, unnest(r.tags) u(tag) where r.id = any(run_ids);
$$;
--> statement-breakpoint
-- Takes away the values of one run as it was.
create function drop_search_values(run_id_ bigint, workspace_id_ integer, project_id_ integer, config_ jsonb, tags_ text[])
returns void language sql as $$
  delete from config_values v using config_keys k, config_leaves(config_) l
  where k.workspace_id = workspace_id_ and k.path = l.path and v.project_id = project_id_ and v.key_id = k.id and v.run_id = run_id_;

  delete from run_tags t where t.project_id = project_id_ and t.tag = any(tags_) and t.run_id = run_id_;
$$;
--> statement-breakpoint
create function keep_search_values() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform write_search_values(array(select id from fresh_runs));
  elsif tg_op = 'DELETE' then
    perform drop_search_values(old.id, old.workspace_id, old.project_id, old.config, old.tags);
  else
    perform drop_search_values(old.id, old.workspace_id, old.project_id, old.config, old.tags);
    perform write_search_values(array[new.id]);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger runs_search_insert after insert on runs referencing new table as fresh_runs
  for each statement execute function keep_search_values();
--> statement-breakpoint
create trigger runs_search_update after update of config, tags, project_id on runs
  for each row when (old.config is distinct from new.config or old.tags is distinct from new.tags or old.project_id <> new.project_id)
  execute function keep_search_values();
--> statement-breakpoint
create trigger runs_search_delete after delete on runs for each row execute function keep_search_values();
--> statement-breakpoint
-- Makes the values of a project anew from its runs, should they ever have come apart.
create function rebuild_search_values(project integer) returns void language sql as $$
  delete from config_values where project_id = project;
  delete from run_tags where project_id = project;
  select write_search_values(array(select id from runs where project_id = project));
$$;
--> statement-breakpoint
select write_search_values(array(select id from runs));
