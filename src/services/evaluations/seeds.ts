import { SEEDS_MIN, seedGroups, seedSpread } from '#src/core/evaluations/seed-group.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { listEvaluations } from '#src/db/queries/evaluations/list-evaluations.ts'
import { listSides } from '#src/db/queries/preferences/list-sides.ts'
import { type EndedRun, listLastCheckpoints } from '#src/db/queries/runs/list-last-checkpoints.ts'
import type { ProjectScope } from '#src/db/scope.ts'
import type { SeedGroups } from '#src/protocol/seeds.ts'
import type { Context } from '#src/services/context.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { type Cell, cellsOf } from './cells.ts'
import { measure } from './measure.ts'
import { viewBenchmark } from './view.ts'

type Group = SeedGroups['groups'][number]
type Seeded = EndedRun & { seed: number }

/**
 * Mean and spread over training seeds: for each configuration of a stage of which three runs or more, of different seeds, were measured
 * where they ended. An item interval is another question, and no best of the runs is given.
 *
 * @throws Refusal `not_found`, `forbidden`
 */
export async function getSeedGroups(
  ctx: Context,
  input: { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<SeedGroups> {
  const { scope, experiment } = await openExperiment(ctx, input, 'eval:read')
  const runs = await listLastCheckpoints(ctx.db, scope, experiment.id)
  const seeded = runs.flatMap((run) => (run.seed === null ? [] : [{ ...run, seed: run.seed }]))
  const groups = seedGroups(seeded).map(oneOfEachSeed).filter(isGroup)
  if (groups.length === 0) return { groups: [] }
  const cells = await cellsOfCheckpoints(
    ctx,
    scope,
    groups.flat().map((run) => run.checkpoint_id),
  )
  const uids = new Map(
    (await listSides(ctx.db, scope, { ids: groups.flat().map((run) => run.checkpoint_id) })).map((c) => [c.id, c.uid]),
  )
  return {
    groups: groups
      .map((group) => ({
        runs: group.map((run) => ({
          number: run.number,
          seed: run.seed,
          step: run.step,
          checkpoint: uids.get(run.checkpoint_id) ?? '',
        })),
        spreads: spreadsOf(group, cells),
      }))
      .filter(({ spreads }) => spreads.length > 0)
      .sort((a, b) => b.runs.length - a.runs.length),
  }
}

const isGroup = (group: readonly Seeded[]): boolean => group.length >= SEEDS_MIN

/** The newest run of each seed: a repeat of a seed is no further draw. */
const oneOfEachSeed = (group: readonly Seeded[]): Seeded[] => [
  ...new Map(group.map((run) => [run.seed, run] as const)).values(),
]

async function cellsOfCheckpoints(
  ctx: Context,
  scope: ProjectScope,
  checkpointIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Cell[]>> {
  const measured = await measure(ctx, scope, await listEvaluations(ctx.db, scope, { checkpointIds }))
  return new Map([...groupBy(measured, ({ row }) => row.checkpoint_id)].map(([id, list]) => [id, cellsOf(list)]))
}

function spreadsOf(group: readonly Seeded[], cells: ReadonlyMap<number, readonly Cell[]>): Group['spreads'] {
  const all = group.flatMap((run) => (cells.get(run.checkpoint_id) ?? []).map((cell) => ({ run, cell })))
  const alike = groupBy(all, ({ cell: { row } }) => `${row.benchmark_id} ${row.metric} ${row.fingerprint} ${row.scale}`)
  return [...alike.values()].flatMap((family) => {
    const [first] = family
    const spread = seedSpread(family.map(({ cell }) => cell.score))
    if (!first || !spread || spread.sd === null) return []
    return [
      {
        benchmark: viewBenchmark(first.cell.row),
        metric: first.cell.row.metric,
        n: spread.runs,
        mean: spread.mean,
        sd: spread.sd,
        scores: family.map(({ run, cell }) => ({ run: run.number, score: cell.score })),
      },
    ]
  })
}
