/**
 * What the weights of a run had behind them when it began, along the edges on which weights pass. A value that some ancestor does not
 * tell is unknown (null), never 0.
 */
import type { RootKind } from '../experiments/stage-kinds.ts'
import { type HourlySpan, hourlyAt } from '../metrics/x-axis.ts'
import { isWeightEdge } from './edge-kinds.ts'
import { stageTokens } from './stage-tokens.ts'
import { type PathEdge, principalEdge } from './weight-path.ts'

/** A checkpoint from which a child began. */
export interface StartCheckpoint {
  /** Null for an external base or API model. */
  runId: number | null
  /** The token counter of its run there; null when it tells none. */
  tokens: number | null
  createdAtMs: number
}

/** The lineage above some experiments, as far as start values need it. */
export interface StartGraph<E extends PathEdge = PathEdge> {
  /** By their child (`edgesByChild`). */
  edges: ReadonlyMap<number, readonly E[]>
  /** What the experiments without parents are made of. */
  roots: ReadonlyMap<number, RootKind | null>
  /** Merged weights were made without training. */
  isMerge: (experimentId: number) => boolean
  /** The checkpoint of its parent that an edge's child began from; null while there is none. */
  checkpointOf: (edge: E) => StartCheckpoint | null
  /** The first value of a run's token counter; null when it logged none. */
  firstTokens: (runId: number) => number | null
  /** What a run held of one kind of device; empty: only other kinds. Null: it tells no hardware. */
  held: (runId: number) => readonly HourlySpan[] | null
}

/**
 * Tokens that the weights had seen when a run of an experiment began, by its id; what was told once is not looked up again. Of a merge only the path of its principal input counts, as
 * in a stage's running total: what the same tokens taught two inputs was not seen twice. 0 for weights begun at random.
 */
export function tokensAtStart<E extends PathEdge>(
  graph: Omit<StartGraph<E>, 'held'>,
): (experimentId: number) => number | null {
  const known = new Map<number, number | null>()
  const before = (id: number): number | null => {
    const found = known.get(id)
    if (found !== undefined) return found
    // A cycle in damaged data stays unknown.
    known.set(id, null)
    const edge = principalEdge(graph.edges.get(id) ?? [], id)
    const tokens = edge ? after(edge) : graph.roots.get(id) === 'random_init' ? 0 : null
    known.set(id, tokens)
    return tokens
  }
  const after = (edge: E): number | null => {
    const checkpoint = graph.checkpointOf(edge)
    if (!checkpoint) return null
    // The card of an external base tells its tokens as a total.
    if (checkpoint.runId === null) return checkpoint.tokens
    const start = before(edge.parent)
    if (checkpoint.tokens === null) return graph.isMerge(edge.parent) ? start : null
    if (start === null) return null
    return stageTokens({ first: graph.firstTokens(checkpoint.runId), last: checkpoint.tokens }, start).total
  }
  return before
}

/**
 * The runs behind the weights of an experiment when one of its runs began: each that wrote a checkpoint on a way of the weights, with the
 * time of that checkpoint in ms; each once however many ways lead over it (up to its latest checkpoint in use). Other runs of those stages
 * are not among them. Null where a way is not known to its root.
 */
export function runsBehind<E extends PathEdge>(
  graph: Pick<StartGraph<E>, 'edges' | 'roots' | 'checkpointOf'>,
  experimentId: number,
): Map<number, number> | null {
  const seen = new Set([experimentId])
  const ends = new Map<number, number>()
  for (const id of seen) {
    const parents = (graph.edges.get(id) ?? []).filter((edge) => isWeightEdge(edge.kind))
    if (parents.length === 0 && (graph.roots.get(id) ?? null) === null) return null
    for (const edge of parents) {
      const checkpoint = graph.checkpointOf(edge)
      if (!checkpoint) return null
      seen.add(edge.parent)
      const { runId, createdAtMs } = checkpoint
      if (runId !== null) ends.set(runId, Math.max(createdAtMs, ends.get(runId) ?? createdAtMs))
    }
  }
  return ends
}

/**
 * Device-hours behind the weights when a run of this experiment began: of the runs behind it all attempts up to their checkpoints.
 * Rolled-back work is inside. An external base counts nothing: what it took was held elsewhere.
 */
export function deviceHoursAtStart<E extends PathEdge>(graph: StartGraph<E>, experimentId: number): number | null {
  const ends = runsBehind(graph, experimentId)
  if (ends === null) return null
  let hours = 0
  for (const [runId, endMs] of ends) {
    const held = graph.held(runId)
    if (held === null) return null
    hours += hourlyAt(held, endMs)
  }
  return hours
}

/** Why something is not known, in words that end a sentence. */
export interface Unknown {
  why: string
}

/** Where a run begins on the axes of its lineage, and how it goes on. */
export interface LineageStart {
  /** Tokens that its weights had seen when it began; null where an ancestor tells none. */
  tokens: number | null
  /** The metric that counts its own tokens; null when it logs none. */
  tokensKey: string | null
  /** What its own counter lies behind: `tokens`, or 0 where that counter goes on from its parent's; null as `tokens`. */
  tokensOffset: number | null
  /** Device-hours behind its weights when it began, of `deviceKind`; null where an ancestor tells no hardware. */
  deviceHours: number | null
  /** Of the hardware that counts for this run: gpu where it held one. Null when it tells no hardware. */
  deviceKind: 'gpu' | 'cpu' | null
  /** What it holds of that kind itself; empty when it tells no hardware. */
  held: HourlySpan[]
  /** FLOPs behind its weights when it began, and what each of its tokens adds; absent where nobody asked. */
  flops?: { atStart: number; perToken: number } | Unknown
  /** Money behind its weights when it began, and what it takes itself, in one currency (ISO 4217); absent where nobody asked. */
  money?: { atStart: number; currency: string; taken: readonly HourlySpan[] } | Unknown
}
