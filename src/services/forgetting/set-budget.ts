import { nearest } from '#src/core/search/nearest.ts'
import { findBenchmarks, listBenchmarkSlugs } from '#src/db/queries/evaluations/benchmarks.ts'
import { setBenchmarkMeaning } from '#src/db/queries/forgetting/set-benchmark-meaning.ts'
import { givenOf, setStageBudget as writeBudget } from '#src/db/queries/forgetting/stage-budgets.ts'
import type { Scope } from '#src/db/scope.ts'
import type { StageBudgetInput, StageVerdict } from '#src/protocol/forgetting.ts'
import { audit } from '#src/services/auth/audit.ts'
import { refusePrograms } from '#src/services/auth/refuse-programs.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { UNDEFINED_CATEGORY } from '#src/services/evaluations/named-benchmark.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { wakeClaimers } from '#src/services/jobs/claim-waiters.ts'
import { releaseWaitingJobs } from '#src/services/jobs/release-waiting.ts'
import { getStageVerdict } from './verdict.ts'

export interface SetStageBudgetInput extends StageBudgetInput {
  workspace?: string | undefined
  project: string
  experiment: number | string
}

/**
 * Sets what a stage may lose: on the mean, per benchmark, and when what follows must wait. What is left out stays, null goes back
 * to the default. Answers the verdict under the new budget.
 *
 * @throws Refusal `invalid_request` for a benchmark that the workspace does not have, with the nearest name; `not_found`, `forbidden`
 */
export async function setStageBudget(ctx: Context, input: SetStageBudgetInput): Promise<StageVerdict> {
  const { scope, experiment } = await openExperiment(ctx, input, 'experiment:write')
  refusePrograms(ctx, 'experiment:write', 'People set budgets, in the browser or with an admin key.')
  const ids = await benchmarkIds(ctx, scope, input.benchmarks)
  await inTransaction(ctx, async (tx) => {
    const budget = givenOf(input)
    if (Object.keys(budget).length > 0) await writeBudget(tx.db, scope, experiment.id, budget)
    for (const { benchmark, role, tolerance } of input.benchmarks) {
      const meaning = { ...(role !== undefined && { role }), ...(tolerance !== undefined && { tolerance }) }
      const id = ids.get(benchmark)
      if (id !== undefined && Object.keys(meaning).length > 0)
        await setBenchmarkMeaning(tx.db, scope, experiment.id, id, meaning)
    }
    await audit(tx, {
      workspaceId: scope.workspaceId,
      action: 'experiment.budget',
      resource: `experiment:${experiment.id}`,
      detail: { ...budget, benchmarks: input.benchmarks },
    })
    // The new budget may open the gate, or be what holds up others from here on.
    await releaseWaitingJobs(tx, scope, experiment.id)
  })
  wakeClaimers(ctx.services)
  return await getStageVerdict(ctx, input)
}

async function benchmarkIds(
  ctx: Context,
  scope: Scope,
  benchmarks: StageBudgetInput['benchmarks'],
): Promise<Map<string, number>> {
  const slugs = benchmarks.map(({ benchmark }) => benchmark)
  const ids = new Map((await findBenchmarks(ctx.db, scope, slugs)).map((row) => [row.slug, row.id]))
  const at = slugs.findIndex((slug) => !ids.has(slug))
  const unknown = slugs[at]
  if (unknown === undefined) return ids
  const near = nearest(unknown, await listBenchmarkSlugs(ctx.db, scope, UNDEFINED_CATEGORY))
  throw invalid(
    `/benchmarks/${at}/benchmark`,
    `There is no benchmark "${unknown}".${near ? ` Did you mean "${near}"?` : ' An evaluation makes one.'}`,
  )
}
