import { sql } from 'drizzle-orm'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

export interface NamedCheckpoint extends Record<string, unknown> {
  id: number
  uid: string
  step: number
  location: string | null
  experiment: { number: number; slug: string; name: string; stage_kind: StageKind; project: string }
}

/** At most so many are told apart; more means that the name says too little. */
const CHECKPOINTS_MAX = 20

/**
 * Checkpoints of a project that a name means by the first of these ways that finds any: id; SHA-256, whole or at least its first 12
 * digits; location; location without its revision; last part of the location. Newest first.
 */
export async function listNamedCheckpoints(db: Handle, scope: ProjectScope, name: string): Promise<NamedCheckpoint[]> {
  const isHash = /^[0-9a-f]{12,64}$/i.test(name)
  return await db.execute<NamedCheckpoint>(sql`
    with named as (
      select c.id, c.uid, c.step, c.location, c.experiment_id, case
          when replace(c.uid::text, '-', '') = replace(lower(${name}), '-', '') then 1
          when ${isHash} and starts_with(c.sha256, lower(${name})) then 2
          when c.location = ${name} then 3
          when starts_with(c.location, ${`${name}@`}) then 4
          when right(c.location, ${name.length + 1}) = ${`/${name}`} then 5
        end as way
      from checkpoints c
      where c.workspace_id = ${scope.workspaceId} and c.project_id = ${scope.projectId} and c.deleted_at is null
    )
    select n.id, n.uid, n.step, n.location,
      json_build_object('number', x.number, 'slug', x.slug, 'name', x.name, 'stage_kind', x.stage_kind, 'project', p.slug)
        as experiment
    from named n
    join experiments x on x.id = n.experiment_id join projects p on p.id = x.project_id
    where n.way = (select min(way) from named)
    order by n.id desc limit ${CHECKPOINTS_MAX}`)
}
