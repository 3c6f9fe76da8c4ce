import { checkedEntry } from '#src/core/cost/cost-entries.ts'
import {
  type EntryRow,
  insertEntry,
  listAllEntries,
  listProjectEntries,
  lockEntry,
  supersedeEntry,
} from '#src/db/queries/cost/entries.ts'
import { listCostStages } from '#src/db/queries/cost/list-cost-stages.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import { findRunByNumber } from '#src/db/queries/runs/find-run.ts'
import { listRunNumbers } from '#src/db/queries/runs/list-run-numbers.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { CostEntryInput, CostEntryView } from '#src/protocol/cost-entries.ts'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { actorName } from '#src/services/actor.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { invariant, notFound, Refusal } from '#src/services/errors.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { newUid } from '#src/services/new-uid.ts'
import { openProject } from '#src/services/workspaces/open.ts'
import { checked } from './book.ts'

interface OfStage {
  workspace?: string | undefined
  project: string
  experiment: number | string
}

/**
 * Adds a cost to a stage or to one of its runs: tokens of an API, labels, storage, traffic, people. An entry that corrects another
 * supersedes it; the other stays readable.
 *
 * @throws Refusal `not_found` (also for the run and the corrected entry), `forbidden`, `invalid_request` (field and value), `conflict` for an
 *   entry that was corrected already; nothing is written
 */
export async function addCostEntry(ctx: Context, input: OfStage & CostEntryInput): Promise<CostEntryView> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'cost:write')
  const entry = checked('', () =>
    checkedEntry({
      kind: input.kind,
      quantity: input.quantity ?? null,
      unit: input.unit ?? null,
      perUnit: input.per_unit ?? null,
      amount: input.amount ?? null,
      currency: input.currency,
      on: input.on,
      assumed: input.assumed,
      note: input.note,
    }),
  )
  const run = input.run === undefined ? null : await findRunByNumber(ctx.db, scope, input.run)
  if (input.run !== undefined && (!run || run.experimentId !== experiment.id))
    throw notFound(`The run ${input.run} of ${experiment.slug}`)
  const { on, ...rest } = entry
  const row = await inTransaction(ctx, async (tx) => {
    const old = input.supersedes === undefined ? null : await lockEntry(tx.db, scope, input.supersedes)
    if (input.supersedes !== undefined && (!old || old.experimentId !== experiment.id))
      throw notFound(`The entry ${input.supersedes} of ${experiment.slug}`)
    if (old && old.supersededBy !== null)
      throw new Refusal('conflict', `The entry ${input.supersedes} was corrected already; correct the newer one.`)
    const made = await insertEntry(tx.db, scope, {
      ...rest,
      uid: newUid(tx),
      experimentId: experiment.id,
      runId: run?.id ?? null,
      onDay: on,
      createdBy: actorName(tx.actor),
    })
    if (old) await supersedeEntry(tx.db, scope, old.id, made.id)
    return made
  })
  return viewEntry(row, refOfRow(experiment, project.slug), run?.number ?? null, null)
}

/**
 * All entries of a stage, oldest first, with those that were corrected.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listCostEntries(ctx: Context, input: OfStage): Promise<{ items: CostEntryView[] }> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'cost:read')
  const rows = await listAllEntries(ctx.db, scope, experiment.id)
  return { items: await viewEntries(ctx, scope, rows, () => refOfRow(experiment, project.slug)) }
}

/**
 * All entries of a project, oldest first, with those that were corrected.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function listCostEntriesOfProject(
  ctx: Context,
  input: { workspace?: string | undefined; project: string },
): Promise<{ items: CostEntryView[] }> {
  const { scope } = await openProject(ctx, input, 'cost:read')
  const rows = await listProjectEntries(ctx.db, scope)
  const stages = await listCostStages(ctx.db, scope, [...new Set(rows.map((row) => row.experimentId))])
  const refs = new Map(stages.map((stage) => [stage.id, refOfRow(stage, stage.project)]))
  return {
    items: await viewEntries(ctx, scope, rows, (id) => {
      const ref = refs.get(id)
      invariant(ref, 'the stage of an entry of the project is there')
      return ref
    }),
  }
}

async function viewEntries(
  ctx: Context,
  scope: ProjectScope,
  rows: readonly EntryRow[],
  refOf: (experimentId: number) => ExperimentRef,
): Promise<CostEntryView[]> {
  const uids = new Map(rows.map((row) => [row.id, row.uid]))
  const ofRuns = rows.flatMap((row) => row.runId ?? [])
  const numbers = new Map((await listRunNumbers(ctx.db, scope, ofRuns)).map((run) => [run.id, run.number]))
  return rows.map((row) =>
    viewEntry(
      row,
      refOf(row.experimentId),
      row.runId === null ? null : (numbers.get(row.runId) ?? null),
      row.supersededBy === null ? null : (uids.get(row.supersededBy) ?? null),
    ),
  )
}

const viewEntry = (
  row: EntryRow,
  experiment: ExperimentRef,
  run: number | null,
  supersededBy: string | null,
): CostEntryView => ({
  id: row.uid,
  kind: row.kind,
  experiment,
  run,
  quantity: row.quantity,
  unit: row.unit,
  per_unit: row.perUnit,
  amount: row.amount,
  currency: row.currency,
  on: row.onDay,
  assumed: row.assumed,
  note: row.note,
  superseded_by: supersededBy,
  created_by: row.createdBy,
  created_at: instantOf(row.createdAt),
})
