import { optimizerStep } from '#src/core/experiments/optimizer-step.ts'
import { STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import type { BenchmarkGroup } from '#src/core/publish/group-table.ts'
import { categoryGroups, groupTable } from '#src/core/publish/group-table.ts'
import { countNote, protocolNote, protocolWords } from '#src/core/publish/protocol-note.ts'
import { readGroups } from '#src/core/publish/read-groups.ts'
import { scoreSentence, scoreTable } from '#src/core/publish/stage-by-benchmark.ts'
import { ladderTable, modelTable, stageTable } from '#src/core/publish/stage-table.ts'
import { type PublishedTable as Printed, turned } from '#src/core/publish/table.ts'
import { hasScores } from '#src/core/publish/table-names.ts'
import { type TrialChange, trialTable } from '#src/core/publish/trials-table.ts'
import { listCheckpoints } from '#src/db/queries/checkpoints/list-checkpoints.ts'
import type { PublishedTable, PublishQuery } from '#src/protocol/publish.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { compareCells } from '#src/services/evaluations/compare.ts'
import { type Ancestry, gatherAncestry, type RecordedStage } from '#src/services/experiments/ancestry.ts'
import { refOfRow } from '#src/services/experiments/view.ts'
import { type Addresses, addressesOf } from '#src/services/workspaces/addresses.ts'
import { type ChosenModel, chooseModel } from './choose-model.ts'
import { lostAtLast, type MeasuredGrid, measuredGrid, unitFactor } from './score-grid-of.ts'
import { checkpointOf, fromWords, stageFacts, stageWord } from './stage-facts.ts'
import { gatherMoney } from './stage-money.ts'

/** Models that one table shows side by side. */
const MODELS_MAX = 8
/** Checkpoints that one ladder lists. */
const STEPS_MAX = 2000

export type PublishInput = PublishQuery & { workspace?: string | undefined; project: string }

/** A table with what is said below it; `empty`: why it has no rows. */
type Body = Pick<PublishedTable, 'table' | 'foot_rows' | 'notes' | 'empty'>
interface Source {
  ctx: Context
  input: PublishInput
  chosen: ChosenModel
  ancestry: Ancestry
  addresses: Addresses
}

const TITLES: Readonly<Record<PublishQuery['table'], string>> = {
  benchmarks: 'benchmarks by stage',
  trials: 'benchmarks by stage, with trials',
  groups: 'abilities by stage',
  stages: 'stages',
  models: 'models by stage',
  ladder: 'checkpoints',
}

/**
 * One of the tables that teams keep by hand, printed: the very cells that the screen shows and every form of it holds.
 *
 * @throws Refusal `not_found` (also for the model), `forbidden`, `invalid_request` for groups that cannot be read
 */
export async function getPublishedTable(ctx: Context, input: PublishInput): Promise<PublishedTable> {
  const chosen = await chooseModel(ctx, input)
  const { scope, project, end, models, leaves } = chosen
  const shown = input.table === 'models' ? leaves.slice(0, MODELS_MAX).map((row) => row.id) : end ? [end.id] : []
  const [ancestry, addresses] = await Promise.all([gatherAncestry(ctx, scope, shown), addressesOf(ctx, scope)])
  const source = { ctx, input, chosen, ancestry, addresses }
  const path = end ? ancestry.pathTo(end.id) : []
  const measured = measuredGrid(path)
  const body = end ? await BODIES[input.table](source, measured, path) : nothing('This project has no stage yet.')
  return {
    title: `${input.table === 'models' || !end ? project.name : end.name}: ${TITLES[input.table]}`,
    ...body,
    table: input.turned && body.empty === null ? turnedOnWire(body.table, input.table) : body.table,
    foot_rows: input.turned ? 0 : body.foot_rows,
    sentence: hasScores(input.table) && body.empty === null ? scoreSentence(measured.grid, input.decimals) : null,
    model: end && refOfRow(end, project.slug),
    models,
    benchmarks: measured.grid.benchmarks.map(({ slug, name, category }) => ({ slug, name, category })),
  }
}

type MakeBody = (source: Source, measured: MeasuredGrid, path: readonly RecordedStage[]) => Body | Promise<Body>

const BODIES: Readonly<Record<PublishQuery['table'], MakeBody>> = {
  benchmarks: ({ input, ancestry }, measured, path) => {
    if (measured.stages.length === 0) return nothing(nothingMeasured(path))
    const { table, footRows, notes } = scoreTable(measured.grid, {
      decimals: input.decimals,
      intervals: input.intervals,
      ...(input.lost && measured.stages.length > 1 && { lost: lostAtLast(measured, ancestry) }),
      ...(input.change && measured.stages.length > 1 && { changeFrom: 0 }),
    })
    return body(table, [...notes, ...measuredNotes(measured, path)], footRows)
  },
  trials: ({ ctx, input }, measured, path) => {
    if (measured.stages.length === 0) return nothing(nothingMeasured(path))
    const { table, notes } = trialTable(measured.grid, trialChanges(ctx, measured), input)
    return body(table, [...notes, ...measuredNotes(measured, path)])
  },
  groups: ({ input }, measured, path) => {
    if (measured.stages.length === 0) return nothing(nothingMeasured(path))
    const { table, notes } = groupTable(measured.grid, groupsOf(input, measured), input)
    return body(table, [...notes, ...measuredNotes(measured, path)])
  },
  stages: async ({ ctx, chosen, ancestry, addresses }) => {
    const end = chosen.end?.id ?? 0
    const money = await gatherMoney(ctx, chosen.scope, [end])
    const facts = ancestry
      .orderTo(end)
      .map((stage) => stageFacts(stage, ancestry, addresses, money.own(end, stage.row.id).text))
    const { table, notes } = stageTable(facts, longestTokens(ancestry, end))
    const path = money.path(end).text
    return body(table, [
      ...notes,
      ...(path === null ? [] : [`Cost of the whole path, every stage once: ${path}.`]),
      ...(money.note === null ? [] : [`Prices: ${money.note}.`]),
    ])
  },
  models: ({ chosen, ancestry, addresses }) => {
    const shown = chosen.leaves.slice(0, MODELS_MAX)
    const models = shown.map((leaf) => ({
      model: { text: leaf.name, href: addresses.experiment(chosen.project.slug, leaf.number) },
      stages: ancestry.pathTo(leaf.id).map((stage) => ({
        word: stageWord(stage),
        kindWord: STAGE_WORDS[stage.row.stageKind],
        checkpoint: checkpointOf(stage, addresses),
        from: fromWords(stage, ancestry),
      })),
    }))
    const left = chosen.leaves.length - shown.length
    return body(modelTable(models), [
      'Each cell leads to a checkpoint; in brackets the one that it was initialised from.',
      ...(left > 0 ? [`${shown.length} of ${chosen.leaves.length} models are shown.`] : []),
    ])
  },
  ladder: async ({ ctx, chosen, addresses }, _, path) => {
    const lists = await Promise.all(
      path.map((stage) => listCheckpoints(ctx.db, chosen.scope, { experimentId: stage.row.id }, STEPS_MAX + 1)),
    )
    const steps = path.flatMap((stage, i) =>
      (lists[i] ?? []).toReversed().map((checkpoint) => ({
        stage: stage.row.name,
        step: checkpoint.step,
        tokens: checkpoint.tokens,
        tokensPerStep: optimizerStep(stage.row.parallelism, stage.row.plan).tokens,
        checkpoint: {
          text: checkpoint.location ?? `${stage.row.slug} step ${checkpoint.step}`,
          href: addresses.checkpoint(checkpoint.uid),
        },
        evaluated: checkpoint.evaluated,
      })),
    )
    if (steps.length === 0)
      return nothing('No stage of this model has saved a checkpoint yet: run.save_checkpoint(…) registers one.')
    const { table, notes } = ladderTable(steps.slice(0, STEPS_MAX))
    const left = steps.length > STEPS_MAX ? [`The first ${STEPS_MAX} of ${steps.length} checkpoints.`] : []
    return body(table, [...notes, ...left])
  },
}

/** As the wire has it: arrays of its own. */
const onWire = ({ columns, rows }: Printed): PublishedTable['table'] => ({
  columns: [...columns],
  rows: rows.map((row) => [...row]),
})

/** Turned, the first column of scores names stages. */
function turnedOnWire(table: Printed, name: PublishQuery['table']): PublishedTable['table'] {
  const { columns, rows } = onWire(turned(table))
  const [corner, ...rest] = columns
  return { rows, columns: corner && hasScores(name) ? [{ ...corner, name: 'stage' }, ...rest] : columns }
}

const nothing = (empty: string): Body => ({ table: { columns: [], rows: [] }, foot_rows: 0, notes: [], empty })

const body = (table: Printed, notes: readonly string[], footRows = 0): Body => ({
  table: onWire(table),
  foot_rows: footRows,
  notes: [...notes],
  empty: null,
})

const nothingMeasured = (path: readonly RecordedStage[]): string =>
  path.length === 0
    ? 'This project has no stage yet.'
    : 'Nothing was measured on the stages of this model yet: run.log_eval("benchmark", score=…, n=…, checkpoint=…) reports a score.'

/** The stages that are missing, protocols, counts of items and where numbers come from. */
function measuredNotes({ grid, cells, stages }: MeasuredGrid, path: readonly RecordedStage[]): string[] {
  const newest = cells.map((row) => row.findLast((cell) => cell !== null) ?? null)
  const named = newest.flatMap((cell) => (cell ? [cell] : []))
  const absent = path.filter((stage) => !stages.includes(stage)).map((stage) => stage.row.name)
  const sources = [...new Set(cells.flat().flatMap((cell) => cell?.row.source || []))]
  return [
    absent.length === 0 ? null : `${absent.join(', ')}: missing baseline, nothing was measured there.`,
    protocolNote(named.map(({ row }) => ({ name: row.name, words: protocolWords(row.protocol, row.metric) }))),
    countNote(named.map(({ row }) => ({ name: row.name, n: row.n }))),
    grid.stages.length > 0 && sources.length > 0 && sources.length <= 3 ? `Source: ${sources.join('; ')}.` : null,
  ].filter((note) => note !== null)
}

/** The last stage against the first of those measured, benchmark by benchmark, in the unit in which scores are published. */
function trialChanges(ctx: Context, { grid, cells, stages }: MeasuredGrid): (TrialChange | null)[] {
  const [first, last] = [stages.at(0), stages.at(-1)]
  if (!first || !last || first === last) return []
  const of = (at: number) => cells.flatMap((row) => row.at(at) ?? [])
  const meanings = new Map(last.roles.map(({ benchmarkId, role, tolerance }) => [benchmarkId, { role, tolerance }]))
  const ancestral = new Set(of(0).map(({ row }) => row.benchmark_id))
  const changes = compareCells(ctx, { after: of(-1), before: of(0), meanings, ancestral })
  return grid.benchmarks.map(({ slug }, i) => {
    const change = changes.find(({ benchmark }) => benchmark.slug === slug)
    const row = cells[i]?.at(-1)?.row
    if (!change || !row || change.change === null) return null
    const factor = unitFactor(row)
    return {
      change: change.change * factor,
      half: change.low === null || change.high === null ? null : ((change.high - change.low) / 2) * factor,
      isSignificant: change.reading === 'gained' || change.reading === 'lost',
      pairedN: change.paired_n,
    }
  })
}

function groupsOf(input: PublishInput, { grid }: MeasuredGrid): BenchmarkGroup[] {
  if (input.groups === undefined) return categoryGroups(grid.benchmarks)
  const answer = readGroups(
    input.groups,
    grid.benchmarks.map(({ slug }) => slug),
  )
  if (answer.kind === 'problem') throw invalid('/groups', answer.message)
  return answer.groups
}

/** Tokens along the way over which the most were trained; null where a stage on every way does not tell. */
function longestTokens(ancestry: Ancestry, id: number): number | null {
  const known = new Map<number, number | null>()
  for (const stage of ancestry.orderTo(id)) {
    const own = stage.row.stageKind === 'merge' ? 0 : stage.tokens
    const above = stage.parents.flatMap((edge) => (known.has(edge.parent) ? [known.get(edge.parent) ?? null] : []))
    const told = above.filter((tokens) => tokens !== null)
    const before = above.length === 0 ? 0 : told.length === 0 ? null : Math.max(...told)
    known.set(stage.row.id, own === null || before === null ? null : own + before)
  }
  return known.get(id) ?? null
}
