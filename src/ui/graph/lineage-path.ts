/** Which stages lie on the way of the weights to one stage, and which stage is looked at first. Pure. */
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'

/** Edges whose both ends are cards of this lineage. */
export function innerEdges(lineage: Pick<Lineage, 'cards' | 'edges'>): Edge[] {
  const known = new Set(lineage.cards.map((card) => `${card.project}/${card.number}`))
  return lineage.edges.filter(
    ({ child, parent }) =>
      known.has(`${child.project}/${child.number}`) && known.has(`${parent.project}/${parent.number}`),
  )
}

/**
 * Numbers of the stages from the root to `tip` along weight edges, root first. Of several weight parents (a merge) the one
 * with the largest weight is followed, then the lowest number. A stage without parents is a path of itself.
 */
export function pathTo(tip: number, edges: readonly Edge[]): number[] {
  return along(tip, mainParents(edges))
}

function along(tip: number, parents: ReadonlyMap<number, number>): number[] {
  const path = new Set<number>()
  for (let at: number | undefined = tip; at !== undefined && !path.has(at); at = parents.get(at)) path.add(at)
  return [...path].reverse()
}

/** The parent that is followed, by child: looked up once, since there may be thousands of stages. */
function mainParents(edges: readonly Edge[]): Map<number, number> {
  const main = new Map<number, Edge>()
  for (const edge of edges) {
    if (!isWeightEdge(edge.kind)) continue
    const known = main.get(edge.child.number)
    if (!known || isBefore(edge, known)) main.set(edge.child.number, edge)
  }
  return new Map([...main].map(([child, { parent }]) => [child, parent.number]))
}

const isBefore = (a: Edge, b: Edge): boolean =>
  (a.weight ?? 0) === (b.weight ?? 0) ? a.parent.number < b.parent.number : (a.weight ?? 0) > (b.weight ?? 0)

/** The stage whose path is shown when none is chosen: the longest path that has begun, then the newest stage. */
export function firstTip(cards: readonly StageCard[], edges: readonly Edge[]): number | null {
  const staged = cards.filter((card) => !card.is_unstaged)
  const begun = staged.filter((card) => card.state !== 'planned' && card.state !== 'waiting')
  const from = begun.length > 0 ? begun : staged.length > 0 ? staged : cards
  const parents = mainParents(edges)
  let best: { number: number; length: number } | null = null
  for (const { number } of from) {
    const length = along(number, parents).length
    if (!best || length > best.length || (length === best.length && number > best.number)) best = { number, length }
  }
  return best?.number ?? null
}
