CREATE TABLE "measured_checkpoints" (
	"workspace_id" integer NOT NULL,
	"checkpoint_id" bigint PRIMARY KEY NOT NULL,
	"standing" integer NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "measured_checkpoints" ADD CONSTRAINT "measured_checkpoints_checkpoint" FOREIGN KEY ("workspace_id","checkpoint_id") REFERENCES "public"."checkpoints"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
create sequence measured_checkpoint_versions;
--> statement-breakpoint
-- Adds to what stands on checkpoints: a row for each checkpoint where something changed.
create function note_measured(workspace_ids integer[], checkpoint_ids bigint[], changes integer[]) returns void language sql as $$
  insert into measured_checkpoints (workspace_id, checkpoint_id, standing, version)
  select w, c, n, nextval('measured_checkpoint_versions') from unnest(workspace_ids, checkpoint_ids, changes) as u(w, c, n)
  order by c
  on conflict (checkpoint_id) do update
    set standing = measured_checkpoints.standing + excluded.standing, version = excluded.version;
$$;
--> statement-breakpoint
create function keep_measured() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform note_measured(array_agg(workspace_id), array_agg(checkpoint_id), array_agg(n)) from (
      select workspace_id, checkpoint_id, count(*)::integer as n from fresh
      where status = 'complete' and superseded_by is null group by workspace_id, checkpoint_id) d
    having count(*) > 0;
  elsif tg_op = 'DELETE' then
    perform note_measured(array_agg(workspace_id), array_agg(checkpoint_id), array_agg(n)) from (
      select workspace_id, checkpoint_id, -count(*)::integer as n from gone
      where status = 'complete' and superseded_by is null
        and exists (select 1 from checkpoints c where c.id = checkpoint_id) group by workspace_id, checkpoint_id) d
    having count(*) > 0;
  else
    perform note_measured(array_agg(workspace_id), array_agg(checkpoint_id), array_agg(n)) from (
      select f.workspace_id, f.checkpoint_id, sum(f.stands::integer - o.stood::integer)::integer as n
      from (select id, workspace_id, checkpoint_id, status = 'complete' and superseded_by is null as stands from fresh) f
      join (select id, status = 'complete' and superseded_by is null as stood from gone) o on o.id = f.id
      where f.stands <> o.stood group by f.workspace_id, f.checkpoint_id) d
    having count(*) > 0;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger evaluations_measured_insert after insert on evaluations referencing new table as fresh
  for each statement execute function keep_measured();
--> statement-breakpoint
create trigger evaluations_measured_update after update on evaluations referencing old table as gone new table as fresh
  for each statement execute function keep_measured();
--> statement-breakpoint
create trigger evaluations_measured_delete after delete on evaluations referencing old table as gone
  for each statement execute function keep_measured();
--> statement-breakpoint
insert into measured_checkpoints (workspace_id, checkpoint_id, standing, version)
select workspace_id, checkpoint_id, count(*)::integer, nextval('measured_checkpoint_versions') from evaluations
where status = 'complete' and superseded_by is null group by workspace_id, checkpoint_id;
