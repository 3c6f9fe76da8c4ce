/**
 * The ledger of a lineage: every stretch of held hardware and every entry, each once, with the node of the cost graph that it belongs to.
 *
 * A descendant uses of a stage the run that wrote the checkpoint from which it starts: all attempts, up to that checkpoint. So a run is
 * cut at each checkpoint that somebody starts from, and its slices are nodes in a row. Beside them a node holds what every user of a
 * stage shares (its entries), one the evaluations of a checkpoint, one each duplicate of a run that is used. Later steps, other runs and
 * failed runs are in no node: they are other work.
 */
import type { PathEdge } from '../lineage/weight-path.ts'
import type { RunKind, RunState } from '../runs/states.ts'
import type { EntryKind } from './cost-entries.ts'
import { dayOf } from './days.ts'
import { type CostEdge, carriesCost } from './lineage-cost.ts'
import { clipSegment, type Segment } from './segments.ts'
import { lacking, sumTallies, type Tally } from './tally.ts'
import { piecesOf, rolledBack, type SegmentKind, type Stretch, type TriedAttempt } from './work.ts'

export interface LedgerStage {
  id: number
  slug: string
  /** `outside`: an external base or an API model; `imported`: trained elsewhere, its checkpoint came without a run. */
  origin: 'here' | 'outside' | 'imported'
  /** The checkpoint of the stage; null while there is none. */
  checkpointId: number | null
}

export interface LedgerCheckpoint {
  id: number
  experimentId: number
  runId: number | null
  step: number
  createdAtMs: number
}

export interface LedgerAttempt extends TriedAttempt {
  /** When the training process reported itself; null: never. */
  programStartMs: number | null
}

export interface LedgerRun {
  id: number
  number: number
  experimentId: number
  kind: RunKind
  state: RunState
  config: Readonly<Record<string, unknown>>
  seed: number | null
  lastStep: number | null
  isDeleted: boolean
  /** The checkpoint that an evaluating run measures; null: not told. */
  targetId: number | null
  attempts: readonly LedgerAttempt[]
  /** Priced; empty: it told no hardware. */
  segments: readonly Segment[]
  idle: readonly Stretch[]
}

export interface LedgerEntry {
  experimentId: number
  runId: number | null
  kind: EntryKind
  /** YYYY-MM-DD. */
  on: string
  cost: Tally
}

export interface LedgerEdge extends PathEdge {
  checkpointId: number | null
}

export interface LedgerItem {
  /** The node of the cost graph; null: other work, in no lineage. */
  node: string | null
  experimentId: number
  runId: number | null
  kind: SegmentKind
  /** Null for an entry and for what is not known. */
  segment: Segment | null
  cost: Tally
}

export interface Ledger {
  items: readonly LedgerItem[]
  /** Cost of each node, without its ancestors. */
  nodes: ReadonlyMap<string, Tally>
  edges: readonly CostEdge<string>[]
  /** The node that stands for a stage as a leaf. */
  leafOf: (experimentId: number) => string
}

const startNode = (experimentId: number, checkpointId: number | null) => `start:${experimentId}:${checkpointId ?? ''}`
const stageNode = (experimentId: number) => `stage:${experimentId}`
const sliceNode = (runId: number, slice: number) => `run:${runId}:${slice}`

/**
 * The ledger of some stages. Edges with an end that is not among them are left out.
 *
 * @param turn what a cost of a day (YYYY-MM-DD) becomes, such as the same in another currency
 */
export function ledgerOf(
  given: {
    stages: readonly LedgerStage[]
    edges: readonly LedgerEdge[]
    checkpoints: readonly LedgerCheckpoint[]
    runs: readonly LedgerRun[]
    entries: readonly LedgerEntry[]
  },
  turn: (cost: Tally, on: string, runId: number | null) => Tally = (cost) => cost,
): Ledger {
  const stages = new Map(given.stages.map((stage) => [stage.id, stage]))
  const checkpoints = new Map(given.checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]))
  const runsById = new Map(given.runs.map((run) => [run.id, run]))
  const edges = given.edges.filter((e) => stages.has(e.child) && stages.has(e.parent) && carriesCost(e.kind))

  const leafCheckpoint = (id: number) => stages.get(id)?.checkpointId ?? null
  const checkpointOf = (edge: LedgerEdge) => edge.checkpointId ?? leafCheckpoint(edge.parent)
  const uses = new Map<string, { experimentId: number; checkpointId: number | null }>()
  const addUse = (experimentId: number, checkpointId: number | null) =>
    uses.set(startNode(experimentId, checkpointId), { experimentId, checkpointId })
  for (const { id } of given.stages) addUse(id, leafCheckpoint(id))
  for (const edge of edges) addUse(edge.parent, checkpointOf(edge))

  const graph: CostEdge<string>[] = []
  const link = (child: string, parent: string) => graph.push({ child, parent, kind: 'init' })
  const cuts = new Map<number, Set<number>>()
  const usedRuns = new Map<string, { run: LedgerRun; cutMs: number }>()
  for (const [node, { experimentId, checkpointId }] of uses) {
    const found = usedRun(
      experimentId,
      checkpointId === null ? null : (checkpoints.get(checkpointId) ?? null),
      given.runs,
      runsById,
    )
    if (!found) continue
    usedRuns.set(node, found)
    cuts.set(found.run.id, (cuts.get(found.run.id) ?? new Set()).add(found.cutMs))
  }
  const sliceEnds = new Map([...cuts].map(([runId, ends]) => [runId, [...ends].sort((a, b) => a - b)]))
  const duplicates = duplicatesOf(given.runs, [...new Set([...usedRuns.values()].map(({ run }) => run))])

  for (const [node, { experimentId }] of uses) {
    link(node, stageNode(experimentId))
    for (const edge of edges) if (edge.child === experimentId) link(node, startNode(edge.parent, checkpointOf(edge)))
    const used = usedRuns.get(node)
    if (!used) continue
    link(node, sliceNode(used.run.id, (sliceEnds.get(used.run.id) ?? []).indexOf(used.cutMs)))
    for (const copy of duplicates.get(used.run.id) ?? []) link(node, sliceNode(copy, 0))
  }
  for (const [runId, ends] of sliceEnds)
    for (let i = 1; i < ends.length; i++) link(sliceNode(runId, i), sliceNode(runId, i - 1))

  const copies = new Set([...duplicates.values()].flat())
  const items: LedgerItem[] = []
  for (const run of given.runs) {
    const ends = sliceEnds.get(run.id)
    if (run.isDeleted && !ends) continue
    const own = itemsOf(
      run,
      ends ?? null,
      copies.has(run.id),
      (target) => startNode(run.experimentId, target),
      uses,
      stages,
    )
    for (const item of own)
      items.push(item.segment ? { ...item, cost: turn(item.cost, dayOf(item.segment.startMs), run.id) } : item)
  }
  for (const { experimentId, runId, kind, on, cost } of given.entries) {
    if (!stages.has(experimentId)) continue
    const run = runId === null ? null : runsById.get(runId)
    const ends = run ? sliceEnds.get(run.id) : undefined
    const node =
      runId === null ? stageNode(experimentId) : ends || (run && copies.has(run.id)) ? sliceNode(runId, 0) : null
    items.push({ node, experimentId, runId, kind, segment: null, cost: turn(cost, on, runId) })
  }
  // What it took to make the checkpoint, beside what was spent here on the stage, such as evaluations of it.
  for (const stage of given.stages)
    if (stage.origin === 'imported')
      items.push({
        node: stageNode(stage.id),
        experimentId: stage.id,
        runId: null,
        kind: 'work',
        segment: null,
        cost: lacking({ why: 'not_published', runId: null, what: stage.slug, on: null }),
      })

  const nodes = new Map<string, Tally[]>()
  for (const node of [...uses.keys(), ...given.stages.map(({ id }) => stageNode(id))]) nodes.set(node, [])
  for (const { child, parent } of graph) for (const node of [child, parent]) if (!nodes.has(node)) nodes.set(node, [])
  for (const { node, cost } of items) if (node !== null) nodes.get(node)?.push(cost)
  return {
    items,
    nodes: new Map([...nodes].map(([node, parts]) => [node, sumTallies(parts)])),
    edges: graph,
    leafOf: (id) => startNode(id, leafCheckpoint(id)),
  }
}

/**
 * The run that a use takes, and up to when: the one that wrote the checkpoint, whole where the checkpoint is at its last step; of a stage
 * without a checkpoint its newest training run that did not fail.
 */
function usedRun(
  experimentId: number,
  checkpoint: LedgerCheckpoint | null,
  runs: readonly LedgerRun[],
  byId: ReadonlyMap<number, LedgerRun>,
): { run: LedgerRun; cutMs: number } | null {
  if (checkpoint) {
    const run = checkpoint.runId === null ? undefined : byId.get(checkpoint.runId)
    if (!run) return null
    const isLast = checkpoint.step >= (run.lastStep ?? 0)
    return { run, cutMs: isLast ? Number.POSITIVE_INFINITY : checkpoint.createdAtMs }
  }
  const newest = runs
    .filter((r) => r.experimentId === experimentId && r.kind === 'train' && !r.isDeleted && r.state !== 'failed')
    .reduce<LedgerRun | null>((best, run) => (!best || run.number > best.number ? run : best), null)
  return newest && { run: newest, cutMs: Number.POSITIVE_INFINITY }
}

/**
 * Of each used run the ids of its duplicates: finished training runs of the stage with the same configuration and seed that nobody uses.
 * An empty configuration says nothing.
 */
function duplicatesOf(runs: readonly LedgerRun[], used: readonly LedgerRun[]): Map<number, number[]> {
  const usedIds = new Set(used.map(({ id }) => id))
  const taken = new Set<number>()
  const found = new Map<number, number[]>()
  for (const run of used) {
    if (Object.keys(run.config).length === 0) continue
    const key = configKey(run)
    const copies = runs.filter(
      (other) =>
        other.experimentId === run.experimentId &&
        other.kind === 'train' &&
        other.state === 'finished' &&
        !other.isDeleted &&
        !usedIds.has(other.id) &&
        !taken.has(other.id) &&
        configKey(other) === key,
    )
    for (const { id } of copies) taken.add(id)
    if (copies.length > 0)
      found.set(
        run.id,
        copies.map(({ id }) => id),
      )
  }
  return found
}

const configKey = ({ config, seed }: LedgerRun): string => `${seed ?? ''} ${JSON.stringify(sorted(config))}`

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value

function itemsOf(
  run: LedgerRun,
  ends: readonly number[] | null,
  isDuplicate: boolean,
  nodeOfTarget: (target: number | null) => string,
  uses: ReadonlyMap<string, unknown>,
  stages: ReadonlyMap<number, LedgerStage>,
): LedgerItem[] {
  const { experimentId, id: runId } = run
  const item = (node: string | null, kind: SegmentKind, segment: Segment): LedgerItem => ({
    node,
    experimentId,
    runId,
    kind,
    segment,
    cost: segment.cost,
  })
  const whole = (node: string | null, kind: SegmentKind): LedgerItem[] =>
    run.segments.length > 0
      ? run.segments.map((segment) => item(node, kind, segment))
      : unknownOf(run).map((cost) => ({ node, experimentId, runId, kind, segment: null, cost }))

  if (run.kind === 'evaluate') {
    if (run.state === 'failed') return whole(null, 'failed')
    const node = nodeOfTarget(run.targetId ?? stages.get(experimentId)?.checkpointId ?? null)
    return whole(uses.has(node) ? node : null, 'evaluation')
  }
  if (!ends) {
    if (isDuplicate) return whole(sliceNode(runId, 0), 'duplicate')
    return whole(null, run.state === 'failed' ? 'failed' : 'other_run')
  }
  if (run.segments.length === 0) return whole(sliceNode(runId, 0), 'work')
  const pieces = piecesOf(
    run.segments,
    [
      { kind: 'preparation', stretches: preparation(run) },
      { kind: 'rolled_back', stretches: rolledBack(run.attempts) },
      { kind: 'idle', stretches: run.idle },
    ],
    'work',
  )
  return pieces.flatMap(({ kind, segment }) => {
    const found: LedgerItem[] = []
    let from = Number.NEGATIVE_INFINITY
    ends.forEach((end, slice) => {
      const part = clipSegment(segment, from, end)
      if (part) found.push(item(sliceNode(runId, slice), kind, part))
      from = end
    })
    const later = clipSegment(segment, from, Number.POSITIVE_INFINITY)
    if (later) found.push(item(null, 'later_steps', later))
    return found
  })
}

const preparation = (run: LedgerRun): Stretch[] =>
  run.attempts.map(({ number, programStartMs }) => ({
    attempt: number,
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: programStartMs ?? Number.POSITIVE_INFINITY,
  }))

/** A run that was at work and told no hardware has an unknown cost; one that never began has none. */
const unknownOf = (run: LedgerRun): Tally[] =>
  run.attempts.length === 0 ? [] : [lacking({ why: 'no_hardware', runId: run.id, what: `run ${run.number}`, on: null })]
