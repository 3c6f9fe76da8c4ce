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
  const path: number[] = []
  const seen = new Set<number>()
  for (let at: number | undefined = tip; at !== undefined && !seen.has(at); at = mainParent(at, edges)) {
    seen.add(at)
    path.unshift(at)
  }
  return path
}

function mainParent(child: number, edges: readonly Edge[]): number | undefined {
  return edges
    .filter((edge) => edge.child.number === child && isWeightEdge(edge.kind))
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0) || a.parent.number - b.parent.number)[0]?.parent.number
}

/** The stage whose path is shown when none is chosen: the longest path that has begun, then the newest stage. */
export function firstTip(cards: readonly StageCard[], edges: readonly Edge[]): number | null {
  const staged = cards.filter((card) => !card.is_unstaged)
  const begun = staged.filter((card) => card.state !== 'planned' && card.state !== 'waiting')
  const from = begun.length > 0 ? begun : staged.length > 0 ? staged : cards
  let best: { number: number; length: number } | null = null
  for (const { number } of from) {
    const length = pathTo(number, edges).length
    if (!best || length > best.length || (length === best.length && number > best.number)) best = { number, length }
  }
  return best?.number ?? null
}
