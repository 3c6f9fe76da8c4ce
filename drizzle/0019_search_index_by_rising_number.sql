-- Numbers rise, and so must the index: new runs then fill its last page instead of splitting its first one again and again.
drop index runs_search;
--> statement-breakpoint
create index runs_search on runs (project_id, number)
  include (id, workspace_id, experiment_id, name, state, created_at, created_by, tokens, archived_at) where deleted_at is null;
