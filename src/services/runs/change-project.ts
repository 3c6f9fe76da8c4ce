import { mayTake } from '#src/core/runs/states.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import { takeNumber } from '#src/db/queries/projects/take-number.ts'
import { changeProjectOfRun } from '#src/db/queries/runs/change-project.ts'
import { formerNumber } from '#src/db/queries/runs/former-numbers.ts'
import type { RunRow } from '#src/db/queries/runs/locate-run.ts'
import { dropAlias, keepAlias } from '#src/db/queries/workspaces/keep-alias.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Context } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { projectOf } from '#src/services/workspaces/open.ts'
import type { MoveTarget } from './move-target.ts'

/** Why a run in this state keeps its project; null when it may leave. */
export const objectionToLeaving = (state: RunRow['state']): string | null =>
  mayTake('change_project', state)
    ? null
    : `It is ${state}: its program writes to this project or may come back to it, and its key may be good for no other. Stop it, or wait until it has ended.`

/**
 * Holds the projects between which runs move, in one order, as two moves may cross. Before the lineage and the runs: whoever writes an
 * experiment or a note holds its project first.
 */
export async function holdProjects(tx: Context, scope: ProjectScope, target: MoveTarget): Promise<void> {
  if (target.scope.projectId === scope.projectId) return
  for (const place of [scope, target.scope].sort((a, b) => a.projectId - b.projectId)) await lockProject(tx.db, place)
}

/**
 * Puts a held run into a stage of another project. It gets the next number there, or the one that it had when it was there before; its
 * number here goes on leading to it and is given to no other. The caller holds both projects, so that neither changes its slug, under which
 * old numbers are kept.
 *
 * @returns its number there
 * @throws Refusal `conflict` for a run that has not ended
 */
export async function changeProject(
  tx: Context,
  scope: ProjectScope,
  held: Pick<RunRow, 'id' | 'number' | 'state'>,
  target: MoveTarget,
): Promise<number> {
  const why = objectionToLeaving(held.state)
  if (why !== null) throw new Refusal('conflict', `Run ${held.number} cannot leave its project. ${why}`)
  const [from, to] = [await projectOf(tx, scope), await projectOf(tx, target.scope)]
  const before = await formerNumber(tx.db, scope, to.slug, held.id)
  const number = before ?? (await takeNumber(tx.db, target.scope, 'run'))
  const alias = (project: string, name: number) =>
    ({ kind: 'run', project, name: String(name), targetId: held.id }) as const
  if (before !== null) await dropAlias(tx.db, scope, alias(to.slug, before))
  await changeProjectOfRun(tx.db, scope, held.id, { scope: target.scope, experimentId: target.experiment.id, number })
  await keepAlias(tx.db, scope, alias(from.slug, held.number))
  return number
}
