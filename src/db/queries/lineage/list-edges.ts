import { type SQL, sql } from 'drizzle-orm'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import type { EdgeKind } from '#src/core/lineage/edge-kinds.ts'
import type { ProjectScope, Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** An experiment as an edge names it. */
export interface EdgeEnd {
  id: number
  project: string
  number: number
  slug: string
  name: string
  stage_kind: StageKind
}

export interface EdgeViewRow extends Record<string, unknown> {
  id: number
  kind: EdgeKind
  weight: number | null
  note: string
  inferred: boolean
  checkpoint_id: number | null
  checkpoint_uid: string | null
  checkpoint_step: number | null
  child: EdgeEnd
  parent: EdgeEnd
}

const end = (alias: string): SQL =>
  sql.raw(
    `json_build_object('id', ${alias}.id, 'project', ${alias}p.slug, 'number', ${alias}.number, 'slug', ${alias}.slug, 'name', ${alias}.name, 'stage_kind', ${alias}.stage_kind)`,
  )

const liveEdges = (scope: Scope): SQL => sql`
  select e.id, e.kind, e.weight::float8 as weight, e.note, e.inferred, c.id as checkpoint_id, c.uid as checkpoint_uid,
    c.step as checkpoint_step, ${end('x')} as child, ${end('y')} as parent
  from edges e
  join experiments x on x.id = e.child_id join projects xp on xp.id = x.project_id
  join experiments y on y.id = e.parent_id join projects yp on yp.id = y.project_id
  left join checkpoints c on c.id = e.checkpoint_id
  where e.workspace_id = ${scope.workspaceId} and e.superseded_at is null`

/** Live edges with an end in the project, or those of one experiment, oldest first. Ends may lie in other projects. */
export async function listEdges(
  db: Handle,
  scope: ProjectScope,
  of: { experimentId?: number; edgeId?: number } = {},
): Promise<EdgeViewRow[]> {
  return await db.execute<EdgeViewRow>(sql`${liveEdges(scope)}
      and (x.project_id = ${scope.projectId} or y.project_id = ${scope.projectId})
      and (${of.experimentId ?? null}::bigint is null or ${of.experimentId ?? null}::bigint in (e.child_id, e.parent_id))
      and (${of.edgeId ?? null}::bigint is null or e.id = ${of.edgeId ?? null}::bigint)
    order by e.id`)
}

/** Live edges to the parents of these experiments, of any projects of the workspace, oldest first. */
export async function listEdgesInto(db: Handle, scope: Scope, childIds: readonly number[]): Promise<EdgeViewRow[]> {
  if (childIds.length === 0) return []
  return await db.execute<EdgeViewRow>(sql`${liveEdges(scope)}
      and e.child_id = any(${sql.param([...childIds])}::bigint[])
    order by e.id`)
}
