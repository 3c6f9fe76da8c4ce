import { listCostStages } from '#src/db/queries/cost/list-cost-stages.ts'
import { insertPricedRecord, listPricedRecords, type PricedRecordRow } from '#src/db/queries/cost/priced-records.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { CostAsk } from '#src/protocol/cost.ts'
import type { CostTotal } from '#src/protocol/cost-parts.ts'
import type { PricedRecord, RepriceInput } from '#src/protocol/priced-records.ts'
import type { PriceUse } from '#src/protocol/prices.ts'
import { actorName } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openRunByNumber } from '#src/services/runs/open.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { getLineageCost } from './lineage-cost.ts'
import { getProjectCost, getStageCost } from './project-cost.ts'
import { getRunCost } from './run-cost.ts'
import { refOfStage } from './stage-bar.ts'

type Input = RepriceInput & { workspace?: string | undefined; project: string }

/**
 * Reckons a total with a price book as it stands, or stood at `as_of`, and keeps it with the prices that were used. Totals that were kept
 * before stay as they are.
 *
 * @throws Refusal `not_found`, `forbidden`, `invalid_request` when a run or an experiment is not named that must be
 */
export async function reprice(ctx: Context, input: Input): Promise<PricedRecord> {
  const { scope } = await openProject(ctx, input, 'cost:write')
  const asOf = input.as_of ?? ctx.services.now().toISOString()
  const ask: CostAsk & Pick<Input, 'workspace' | 'project'> = {
    workspace: input.workspace,
    project: input.project,
    book: input.book,
    as_of: asOf,
    people: false,
    pue: 1,
    ...(input.currency !== undefined && { currency: input.currency }),
  }
  const { total, sources } = await reckon(ctx, input, ask)
  const experimentId = await stageOf(ctx, input)
  const row = await insertPricedRecord(ctx.db, scope, {
    uid: newUid(ctx),
    subject: input.of,
    run: input.of === 'run' ? (input.run ?? null) : null,
    experimentId,
    book: input.book,
    asOf,
    total,
    sources,
    createdBy: actorName(ctx.actor),
  })
  const [view] = await viewRecords(ctx, scope, [row])
  return view as PricedRecord
}

/**
 * Totals of a project that were kept, the newest first.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listPricedTotals(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<{ items: PricedRecord[] }> {
  const { scope } = await openProject(ctx, input, 'cost:read')
  return { items: await viewRecords(ctx, scope, await listPricedRecords(ctx.db, scope)) }
}

async function reckon(
  ctx: Context,
  input: Input,
  ask: CostAsk & Pick<Input, 'workspace' | 'project'>,
): Promise<{ total: CostTotal; sources: PriceUse[] }> {
  switch (input.of) {
    case 'run': {
      if (input.run === undefined) throw invalid('/run', 'run must name a run by its number when "of" is "run".')
      return getRunCost(ctx, { ...ask, run: input.run })
    }
    case 'stage':
      return getStageCost(ctx, { ...ask, experiment: named(input) })
    case 'lineage': {
      const { totals, sources } = await getLineageCost(ctx, { ...ask, leaf: named(input), view: 'full', compare: [] })
      return { total: totals.full, sources }
    }
    case 'project': {
      const { totals, sources } = await getProjectCost(ctx, ask)
      return { total: totals.all, sources }
    }
  }
}

/** The stage that a record is about: of a run its own; null for a project. */
async function stageOf(ctx: Context, input: Input): Promise<number | null> {
  if (input.of === 'project') return null
  if (input.of === 'run')
    return (await openRunByNumber(ctx, { ...input, run: input.run ?? 0 }, 'cost:read')).run.experimentId
  return (await openExperiment(ctx, { ...input, experiment: named(input) }, 'cost:read')).experiment.id
}

function named(input: Input): number | string {
  if (input.experiment === undefined)
    throw invalid('/experiment', `experiment must name a stage by number or slug when "of" is "${input.of}".`)
  return input.experiment
}

async function viewRecords(
  ctx: Context,
  scope: ProjectScope,
  rows: readonly PricedRecordRow[],
): Promise<PricedRecord[]> {
  const stages = await listCostStages(ctx.db, scope, [...new Set(rows.flatMap((row) => row.experimentId ?? []))])
  const refs = new Map(stages.map((stage) => [stage.id, refOfStage(stage)]))
  return rows.map((row) => ({
    id: row.uid,
    of: row.subject,
    run: row.run,
    experiment: row.experimentId === null ? null : (refs.get(row.experimentId) ?? null),
    book: row.book,
    as_of: instantOf(row.asOf),
    total: storedTotal(row.total),
    sources: storedSources(row.sources),
    created_by: row.createdBy,
    created_at: instantOf(row.createdAt),
  }))
}

/** Written by `reprice` alone, in this very shape. */
const storedTotal = (value: unknown): CostTotal => value as CostTotal

/** Written by `reprice` alone, in this very shape. */
const storedSources = (value: unknown): PriceUse[] => value as PriceUse[]
