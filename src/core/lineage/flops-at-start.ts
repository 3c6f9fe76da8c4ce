import { stageTokens } from './stage-tokens.ts'
import { type StartGraph, tokensAtStart, type Unknown } from './start-values.ts'
import { type PathEdge, principalEdge } from './weight-path.ts'

/** The lineage above some experiments, as far as FLOPs need it. */
export interface FlopGraph<E extends PathEdge> extends Omit<StartGraph<E>, 'held'> {
  nameOf: (experimentId: number) => string
  /** True for a stage that trains nothing: a merge, a prompt. */
  isUntrained: (experimentId: number) => boolean
  /** FLOPs of each token that the run trained on which wrote this edge's checkpoint. */
  perToken: (edge: E) => number | Unknown
  /** FLOPs that the card of weights from elsewhere tells. */
  ofCard: (edge: E) => number | Unknown
}

/**
 * FLOPs behind the weights when a run of an experiment began, by its id, each told once: of each stage on the path of the weights its FLOPs per token by the
 * tokens that it trained on up to the checkpoint that was gone on from. Of a merge the path of its principal input counts, as in tokens.
 * One stage that does not tell makes it unknown for all behind it, with the name of that stage.
 */
export function flopsAtStart<E extends PathEdge>(graph: FlopGraph<E>): (experimentId: number) => number | Unknown {
  const known = new Map<number, number | Unknown>()
  const tokens = tokensAtStart(graph)
  const before = (id: number): number | Unknown => {
    const found = known.get(id)
    if (found !== undefined) return found
    known.set(id, { why: 'its lineage leads back to itself' })
    const told = tell(id)
    known.set(id, told)
    return told
  }
  const tell = (id: number): number | Unknown => {
    const edge = principalEdge(graph.edges.get(id) ?? [], id)
    if (!edge)
      return graph.roots.get(id) === 'random_init' ? 0 : { why: `nothing tells what ${graph.nameOf(id)} began from` }
    const own = flopsOfEdge(graph, edge, tokens)
    if (typeof own !== 'number') return { why: `of ${graph.nameOf(edge.parent)} before it, ${own.why}` }
    // The card of a root tells the whole past of its weights.
    if (graph.checkpointOf(edge)?.runId === null && !graph.isUntrained(edge.parent)) return own
    const above = before(edge.parent)
    return typeof above === 'number' ? above + own : above
  }
  return before
}

function flopsOfEdge<E extends PathEdge>(
  graph: FlopGraph<E>,
  edge: E,
  tokens: (experimentId: number) => number | null,
): number | Unknown {
  if (graph.isUntrained(edge.parent)) return 0
  const checkpoint = graph.checkpointOf(edge)
  if (!checkpoint) return { why: 'there is no checkpoint' }
  if (checkpoint.runId === null) {
    const isRoot = (graph.roots.get(edge.parent) ?? null) !== null
    return isRoot ? graph.ofCard(edge) : { why: 'it was trained elsewhere, and nothing tells the FLOPs of it' }
  }
  const before = tokens(edge.parent)
  if (before === null) return { why: 'an ancestor of the weights tells no tokens' }
  const { own } = stageTokens({ first: graph.firstTokens(checkpoint.runId), last: checkpoint.tokens }, before)
  if (own === null) return { why: 'the number of its tokens is not told' }
  const perToken = graph.perToken(edge)
  return typeof perToken === 'number' ? perToken * own : perToken
}
