import { nearestNames } from '#src/core/imports/nearest-names.ts'
import { listKnownNames } from '#src/db/queries/imports/list-known-names.ts'
import { listNamedCheckpoints, type NamedCheckpoint } from '#src/db/queries/imports/list-named-checkpoints.ts'
import { listStageCheckpoints } from '#src/db/queries/imports/list-stage-checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { Target, TargetCheckpoint, Targets, TargetsInput } from '#src/protocol/imports.ts'
import { permissionsIn } from '#src/services/authorize.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { experimentNamed } from '#src/services/experiments/open.ts'
import { refOf } from '#src/services/experiments/view.ts'
import { openProject } from '#src/services/workspaces/open.ts'

/** Names that are looked through for the nearest ones. */
const KNOWN_NAMES_MAX = 2000

/**
 * Which checkpoint of a project each name means: its id, its hash (whole or the first 12 digits or more), its location, its name on a
 * hub without the revision, the last part of its path; else a stage by slug or number (the checkpoint of that stage), or stage@step.
 * For a name that nothing fits, the nearest names, to those who may read checkpoints.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function findTargets(
  ctx: Context,
  input: TargetsInput & { workspace?: string | undefined; project: string },
): Promise<Targets> {
  const { scope, project } = await openProject(ctx, input, 'eval:write')
  const items: Target[] = []
  for (const name of input.names) items.push(await targetOf(ctx, scope, project.slug, name))
  return { items }
}

async function targetOf(ctx: Context, scope: ProjectScope, project: string, name: string): Promise<Target> {
  const asked = name.replace(/[\\/]+$/, '') || name
  const named = await listNamedCheckpoints(ctx.db, scope, asked)
  const found = named.length > 0 ? named : await ofStage(ctx, scope, project, asked)
  const [first] = found
  if (first && found.length === 1) return { name, kind: 'found', checkpoint: view(first) }
  if (first) return { name, kind: 'several', checkpoints: found.map(view) }
  const mayRead = permissionsIn(ctx.actor, scope)?.includes('checkpoint:read') ?? false
  const known = mayRead ? await listKnownNames(ctx.db, scope, KNOWN_NAMES_MAX) : []
  return { name, kind: 'unknown', near: nearestNames(asked, known) }
}

async function ofStage(ctx: Context, scope: ProjectScope, project: string, name: string): Promise<NamedCheckpoint[]> {
  const [, slug = name, step] = /^(.+)@(\d{1,15})$/.exec(name) ?? []
  const experiment = slug.length <= 64 ? await experimentNamed(ctx, scope, project, slug) : null
  if (!experiment) return []
  if (step !== undefined) return listStageCheckpoints(ctx.db, scope, experiment.id, { step: Number(step) })
  const chosen = (await stageCheckpoints(ctx, scope, [experiment.id])).of.get(experiment.id)
  return chosen ? listStageCheckpoints(ctx.db, scope, experiment.id, { id: chosen.id }) : []
}

const view = (row: NamedCheckpoint): TargetCheckpoint => ({
  id: row.uid,
  experiment: refOf(row.experiment),
  step: row.step,
  location: row.location,
})
