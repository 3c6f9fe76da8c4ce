-- /{workspace}/checkpoints/… is a page of the workspace: a project of that name had lost its own. Its old name goes on leading to it.
insert into aliases (workspace_id, kind, project, name, target_id)
select workspace_id, 'project', '', slug, id from projects where slug = 'checkpoints'
on conflict (workspace_id, kind, project, name) do update set target_id = excluded.target_id;
--> statement-breakpoint
-- Old names inside a project are looked for under its present slug.
update aliases a set project = 'checkpoints-of-project-' || p.id
from projects p
where p.slug = 'checkpoints' and a.workspace_id = p.workspace_id and a.project = p.slug and a.kind in ('experiment', 'run');
--> statement-breakpoint
update projects set slug = 'checkpoints-of-project-' || id where slug = 'checkpoints';
