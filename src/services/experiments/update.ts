import { slugObjectionOf } from '#src/core/experiments/check-experiment.ts'
import { findExperiment } from '#src/db/queries/experiments/find-experiment.ts'
import { updateExperiment as writeExperiment } from '#src/db/queries/experiments/update-experiment.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import type { Experiment, ExperimentChange } from '#src/protocol/experiments.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid, invariant } from '#src/services/errors.ts'
import { projectOf } from '#src/services/workspaces/open.ts'
import { orSlugTaken, takeSlug } from '#src/services/workspaces/take-slug.ts'
import { viewExperiments } from './get.ts'
import { openExperiment } from './open.ts'

export interface UpdateExperimentInput extends ExperimentChange {
  workspace?: string | undefined
  project: string
  experiment: number | string
}

/**
 * Changes what an experiment is called and what people say of it: owner, team, what was done against forgetting, chat template. What is
 * left out stays, and its number always does. Its old slug goes on leading to it.
 *
 * @throws Refusal `conflict` for a slug that is or was another experiment's of the project; `invalid_request` for one that is
 *   reserved or all digits, and for that of *unstaged*; `not_found`, `forbidden`
 */
export async function updateExperiment(ctx: Context, input: UpdateExperimentInput): Promise<Experiment> {
  const { scope, experiment } = await openExperiment(ctx, input, 'experiment:write')
  refusePrograms(ctx, 'experiment:write', 'People rename experiments, in the browser or with an admin key.')
  const { slug, name, owner, team, mitigations, chat_template: chatTemplate } = input
  const work = inTransaction(ctx, async (tx) => {
    await lockProject(tx.db, scope)
    const held = await findExperiment(tx.db, scope, { id: experiment.id })
    invariant(held, 'a proven experiment exists')
    const change = {
      ...(slug !== undefined && slug !== held.slug && { slug }),
      ...(name !== undefined && name !== held.name && { name }),
      ...(owner !== undefined && owner !== held.owner && { owner }),
      ...(team !== undefined && team !== held.team && { team }),
      ...(mitigations !== undefined && !isSameList(mitigations, held.mitigations) && { mitigations }),
      ...(chatTemplate !== undefined && chatTemplate !== held.chatTemplate && { chatTemplate }),
    }
    if (Object.keys(change).length === 0) return held
    if (change.slug !== undefined) {
      if (held.isUnstaged)
        throw invalid(
          '/slug',
          `"${held.slug}" is where runs land that name no experiment; its slug stays. Change its name.`,
        )
      const objection = slugObjectionOf(change.slug)
      if (objection) throw invalid('/slug', objection)
      const isTaken = (await findExperiment(tx.db, scope, { slug: change.slug })) !== null
      const { slug: project } = await projectOf(tx, scope)
      const names = { from: held.slug, to: change.slug, isTaken }
      await takeSlug(tx, scope, { ...names, kind: 'experiment', project, targetId: held.id })
    }
    const changed = await writeExperiment(tx.db, scope, held.id, change)
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'experiment.update',
      resource: `experiment:${held.id}`,
      detail: { changed: Object.keys(change), from: held.slug, to: changed.slug },
    })
    return changed
  })
  const row = await orSlugTaken('experiment', slug, work)
  const [view] = await viewExperiments(ctx, scope, (await projectOf(ctx, scope)).slug, [row])
  invariant(view, 'one row gives one view')
  return view
}

const isSameList = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((tag) => b.includes(tag)))
