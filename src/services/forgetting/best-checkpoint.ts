import {
  bestCheckpoint,
  type Candidate,
  type Exclusion,
  type SelectionRule,
} from '#src/core/forgetting/best-checkpoint.ts'
import { selectionEffect } from '#src/core/forgetting/selection-effect.ts'
import { formatNumber } from '#src/core/format/number.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import { type CheckpointViewRow, listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import { listBenchmarksById } from '#src/db/queries/evaluations/list-measured.ts'
import { listStageBudgets } from '#src/db/queries/forgetting/stage-budgets.ts'
import type { BestCheckpoint, BestCheckpointQuery } from '#src/protocol/best-checkpoint.ts'
import type { ForgettingVerdict } from '#src/protocol/forgetting.ts'
import { stageCheckpoints } from '#src/services/checkpoints/of-stage.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import type { Cell } from '#src/services/evaluations/cells.ts'
import { estimateOf, whyNotComparable } from '#src/services/evaluations/compare.ts'
import { viewBenchmark } from '#src/services/evaluations/view.ts'
import { openExperiment } from '#src/services/experiments/open.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { cellsOfCheckpoints } from '#src/services/lineage/gather.ts'
import { familyOf } from './family.ts'
import { judge } from './judge.ts'
import { viewBudget } from './verdict.ts'
import { readWeightPath } from './weight-path.ts'

/** Candidates at most: the furthest ones. */
const CANDIDATES_MAX = 1000

type View = BestCheckpoint['candidates'][number]

/** A checkpoint of the stage with all that was measured on it. */
interface Measured {
  row: CheckpointViewRow
  cells: readonly Cell[]
  /** Against the checkpoint that the stage started from. */
  verdict: Pick<ForgettingVerdict, 'cells' | 'budget'>
}

/**
 * The checkpoint of a stage with the highest target among those that stay within the stage's retention budget, with every other one and
 * why it was not chosen, and how many were not looked at. Nothing is changed: a person pins what they want.
 *
 * @throws Refusal `not_found`, `forbidden`; `invalid_request` for a target that no checkpoint of the stage was measured on
 */
export async function getBestCheckpoint(
  ctx: Context,
  input: BestCheckpointQuery & { workspace?: string | undefined; project: string; experiment: number | string },
): Promise<BestCheckpoint> {
  const { scope, project, experiment } = await openExperiment(ctx, input, 'eval:read')
  const [path, rows, { totals }, [budgetRow]] = await Promise.all([
    readWeightPath(ctx, scope, experiment.id),
    listCheckpoints(ctx.db, scope, { experimentId: experiment.id }, CANDIDATES_MAX),
    stageCheckpoints(ctx, scope, [experiment.id]),
    listStageBudgets(ctx.db, scope, [experiment.id]),
  ])
  const roles = path.roles.filter((row) => row.experimentId === experiment.id)
  const [cells, named] = await Promise.all([
    cellsOfCheckpoints(
      ctx,
      scope,
      rows.filter((row) => row.evaluated > 0).map((row) => row.id),
    ),
    listBenchmarksById(
      ctx.db,
      scope,
      roles.map((row) => row.benchmarkId),
    ),
  ])
  const [parent] = path.parents
  const start = parent?.checkpointId ?? null
  const reference =
    parent && start !== null ? { experimentId: parent.experimentId, checkpointId: start, stagesBack: 1 } : null
  const { points } = viewBudget(budgetRow)
  const measured = rows.map((row): Measured => {
    const own = cells.get(row.id) ?? []
    const family = reference
      ? familyOf(
          ctx,
          path,
          {
            experimentId: experiment.id,
            own,
            reference,
            named: new Map(named.map((one) => [one.id, one])),
            alongPath: false,
          },
          null,
        )
      : []
    return { row, cells: own, verdict: judge(family, points) }
  })
  const aims = new Set(roles.filter((row) => row.role === 'target').map((row) => row.benchmarkId))
  const choices = choicesOf(measured, aims)
  const chosen = targetOf(choices, input.target)
  const targets = chosen === null ? new Map<number, Cell>() : comparableTargets(measured, chosen.id)
  const rule: SelectionRule = { uncertain: input.uncertain, floor: input.floor ?? null }
  const names = new Map(
    measured.flatMap(({ verdict }) => verdict.cells.map((c) => [c.benchmark.slug, c.benchmark.name])),
  )
  const candidates = measured.map((one) => candidateOf(one, targets, chosen))
  const selection = bestCheckpoint(candidates, rule)
  const best = measured.find(({ row }) => row.uid === selection.best)
  const bestCell = best && targets.get(best.row.id)
  const stage = path.stages.get(experiment.id)
  const eligible = selection.candidates.filter((one) => one.excluded.length === 0).length
  return {
    experiment: refOfRow(experiment, project.slug),
    target: chosen && viewBenchmark(chosen.cell.row),
    choices: choices.map(({ slug, name, isTarget }) => ({ slug, name, is_target: isTarget })),
    rule: { ...rule, words: ruleWords(chosen?.name ?? null, rule, reference !== null) },
    best: selection.best,
    why: selection.best === null ? whyNone(measured, chosen?.name ?? null, candidates) : null,
    of_stage: stage ? { id: stage.uid, why: stage.why } : null,
    baseline: reference && path.at(reference.experimentId, reference.checkpointId),
    selection: bestCell?.interval.se == null ? null : selectionEffect(Math.max(1, eligible)) * bestCell.interval.se,
    unjudged: selection.unjudged.map(({ benchmark, reason }) => ({
      slug: benchmark,
      name: names.get(benchmark) ?? benchmark,
      reason,
    })),
    left_out: Math.max(0, (totals.get(experiment.id) ?? 0) - rows.length),
    candidates: selection.candidates.flatMap(({ id, excluded, uncertain }): View[] => {
      const one = measured.find(({ row }) => row.uid === id)
      return one
        ? [
            {
              ...viewOf(one, targets),
              excluded: excluded.map((why) => exclusionWords(why, one, rule, names)),
              uncertain: uncertain.map((slug) => names.get(slug) ?? slug),
              behind: excluded.length > 0 || one === best ? null : behindOf(ctx, bestCell, targets.get(one.row.id)),
            },
          ]
        : []
    }),
  }
}

interface Choice {
  id: number
  slug: string
  name: string
  isTarget: boolean
  checkpoints: number
  /** The newest cell. */
  cell: Cell
}

/** Benchmarks of the stage's checkpoints: what it aims at first, then by how many have them. */
function choicesOf(measured: readonly Measured[], aims: ReadonlySet<number>): Choice[] {
  const all = measured.flatMap((one) => one.cells)
  return [...groupBy(all, (cell) => cell.row.benchmark_id)]
    .flatMap(([id, cells]): Choice[] => {
      const [cell] = cells
      return cell
        ? [{ id, slug: cell.row.slug, name: cell.row.name, isTarget: aims.has(id), checkpoints: cells.length, cell }]
        : []
    })
    .sort(
      (a, b) =>
        Number(b.isTarget) - Number(a.isTarget) || b.checkpoints - a.checkpoints || a.slug.localeCompare(b.slug),
    )
}

/** What was asked for, else what the stage aims at; null where nobody said and it aims at nothing that was measured. */
function targetOf(choices: readonly Choice[], asked: string | undefined): Choice | null {
  if (asked === undefined) return choices.find((choice) => choice.isTarget) ?? null
  const found = choices.find((choice) => choice.slug === asked)
  if (found) return found
  const known = choices.map((choice) => choice.slug).slice(0, 20)
  throw invalid(
    '/target',
    known.length === 0
      ? `No checkpoint of this stage was measured on ${asked}, nor on anything else.`
      : `No checkpoint of this stage was measured on ${asked}. Measured are: ${known.join(', ')}.`,
  )
}

/** By checkpoint id: cells of the target that compare with each other, under the protocol that most checkpoints have. */
function comparableTargets(measured: readonly Measured[], benchmarkId: number): Map<number, Cell> {
  const all = measured.flatMap(({ row, cells }) =>
    cells.flatMap((cell) => (cell.row.benchmark_id === benchmarkId ? [{ id: row.id, cell }] : [])),
  )
  const groups = [...groupBy(all, ({ cell }) => `${cell.row.metric} ${cell.row.fingerprint}`).values()]
  const most = groups.reduce<typeof all>((found, group) => (group.length > found.length ? group : found), [])
  const [first] = most
  if (!first) return new Map()
  const alike = all.filter(({ cell }) => whyNotComparable(first.cell, cell) === null)
  return new Map(alike.map(({ id, cell }) => [id, cell]))
}

function candidateOf(
  { row, cells, verdict }: Measured,
  targets: ReadonlyMap<number, Cell>,
  chosen: Choice | null,
): Candidate {
  const target = targets.get(row.id)
  const isOther = chosen !== null && cells.some((cell) => cell.row.benchmark_id === chosen.id)
  return {
    id: row.uid,
    step: row.step,
    target: target ? (target.row.orientation * target.score) / target.row.scale : null,
    targetReason: target
      ? null
      : isOther
        ? `${chosen.name} measured under another protocol than on the others`
        : `not measured on ${chosen?.name ?? 'a target'}`,
    kept: verdict.cells
      .filter((cell) => cell.role !== 'target' && cell.benchmark.slug !== chosen?.slug && cell.budget !== null)
      .map((cell) => ({
        benchmark: cell.benchmark.slug,
        verdict: cell.budget ?? 'missing',
        retention: cell.retention,
        reason: cell.reason,
      })),
    meanFails: verdict.budget.mean_fails,
  }
}

function viewOf(
  { row, verdict }: Measured,
  targets: ReadonlyMap<number, Cell>,
): Omit<View, 'excluded' | 'uncertain' | 'behind'> {
  const target = targets.get(row.id)
  return {
    checkpoint: { id: row.uid, step: row.step, tokens: row.tokens },
    run: row.run?.number ?? null,
    score: target?.score ?? null,
    low: target?.interval.low ?? null,
    high: target?.interval.high ?? null,
    n: target?.row.n ?? null,
    kept: verdict.cells.flatMap((cell) =>
      cell.role === 'target' || cell.budget === null
        ? []
        : [
            {
              slug: cell.benchmark.slug,
              name: cell.benchmark.name,
              verdict: cell.budget,
              delta: cell.delta,
              low: cell.low,
              high: cell.high,
              tolerance: cell.tolerance,
              retention: cell.retention,
            },
          ],
    ),
  }
}

function behindOf(ctx: Context, best: Cell | undefined, own: Cell | undefined): View['behind'] {
  if (!best || !own) return null
  const { change, low, high } = estimateOf(ctx, best, own)
  return { change, low, high, tied: low === null || high === null || (low <= 0 && high >= 0) }
}

/** "highest Task accuracy, subject to retention: every loss against the start of the stage within its budget". */
function ruleWords(target: string | null, { uncertain, floor }: SelectionRule, hasReference: boolean): string {
  const head = target === null ? 'highest target' : `best ${target}`
  if (!hasReference) return `${head}; nothing has to be kept, since the stage starts from no checkpoint`
  const bound =
    floor === null
      ? 'no loss against the start of the stage beyond its budget'
      : `at least ${formatNumber(100 * floor, 1)} % of the start of the stage kept on each benchmark, losses within their budget`
  return `${head}, subject to retention: ${bound}${uncertain === 'exclude' ? ', for certain' : ''}`
}

function exclusionWords(
  why: Exclusion,
  { verdict }: Measured,
  { floor }: SelectionRule,
  names: ReadonlyMap<string, string>,
): string {
  if (why.kind === 'target') return why.reason
  if (why.kind === 'mean') return 'the mean of retention fell beyond its budget'
  const cell = verdict.cells.find((one) => one.benchmark.slug === why.benchmark)
  const name = names.get(why.benchmark) ?? why.benchmark
  if (why.kind === 'not_measured' || !cell) return `${name}: not measured, so not known to be kept`
  if (why.kind === 'below_floor')
    return `${name}: ${formatNumber(100 * (cell.retention ?? 0), 1)} % kept, below ${formatNumber(100 * (floor ?? 0), 1)} %`
  const isPoints = cell.unit === 'points'
  const print = (value: number) => formatNumber(value, isPoints ? 1 : 3)
  const interval = cell.low === null || cell.high === null ? '' : ` (${print(cell.low)} to ${print(cell.high)})`
  const change = `${print(cell.delta ?? 0)}${interval} against a budget of ${print(cell.tolerance ?? 0)}${isPoints ? ' points' : ''}`
  return why.kind === 'beyond' ? `${name}: ${change}` : `${name}: ${change}, not certain to be within`
}

function whyNone(measured: readonly Measured[], target: string | null, candidates: readonly Candidate[]): string {
  if (measured.length === 0) return 'The stage has no checkpoint yet.'
  if (measured.every(({ cells }) => cells.length === 0)) return 'No checkpoint of the stage was evaluated yet.'
  if (target === null) return 'The stage aims at no benchmark that was measured: choose one as the target.'
  const withTarget = candidates.filter((one) => one.target !== null).length
  return withTarget === 1
    ? `The one checkpoint measured on ${target} does not keep what the rule asks for.`
    : `None of ${withTarget} checkpoints measured on ${target} keeps what the rule asks for.`
}
