import { UNSTAGED_SLUG } from '#src/core/experiments/check-experiment.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import { findUnstaged } from '#src/db/queries/experiments/find-unstaged.ts'
import { insertExperiment } from '#src/db/queries/experiments/insert-experiment.ts'
import { lockProject } from '#src/db/queries/projects/lock-project.ts'
import { takeNumber } from '#src/db/queries/projects/take-number.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'

/** The project's experiment for runs that name none, made when the first one comes. */
export async function unstagedExperiment(ctx: Context, scope: ProjectScope): Promise<ExperimentRow> {
  const known = await findUnstaged(ctx.db, scope)
  if (known) return known
  return await inTransaction(ctx, async (tx) => {
    await lockProject(tx.db, scope)
    const meanwhile = await findUnstaged(tx.db, scope)
    if (meanwhile) return meanwhile
    return await insertExperiment(tx.db, scope, {
      number: await takeNumber(tx.db, scope, 'experiment'),
      slug: UNSTAGED_SLUG,
      name: 'Unstaged',
      stageKind: 'pretrain',
      isUnstaged: true,
      purpose: 'Runs whose client named no experiment. Move them into a stage to see them in the lineage.',
      createdBy: actorName(ctx.actor),
    })
  })
}
