import { isWeightEdge } from './edge-kinds.ts'
import { allWeightAncestors, type PathEdge } from './weight-path.ts'

/**
 * Tokens that were trained for a stage and all its ancestors by weights: `all` counts each stage once (what was computed), `longest`
 * follows the way on which the weights have seen most. A stage whose tokens are not known adds nothing.
 *
 * @param own tokens of each stage alone, by its number in the edges; null where they are not known
 * @param leaf the stage that is asked about
 */
export function trainedTokens(
  edges: readonly PathEdge[],
  own: ReadonlyMap<number, number | null>,
  leaf: number,
): { all: number; longest: number } {
  const known = new Map<number, number>()
  const longest = (stage: number): number => {
    const found = known.get(stage)
    if (found !== undefined) return found
    // A cycle in damaged data ends the way.
    known.set(stage, 0)
    const parents = edges.filter((edge) => edge.child === stage && isWeightEdge(edge.kind))
    const most = (own.get(stage) ?? 0) + Math.max(0, ...parents.map((edge) => longest(edge.parent)))
    known.set(stage, most)
    return most
  }
  const stages = [leaf, ...allWeightAncestors(edges, leaf)]
  return { all: stages.reduce((sum, stage) => sum + (own.get(stage) ?? 0), 0), longest: longest(leaf) }
}
