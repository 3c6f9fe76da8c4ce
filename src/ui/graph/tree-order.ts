/** The lineage as an indented tree: the same content as the drawing, for tables, phones and screen readers. Pure. */
import { isWeightEdge } from '#src/core/lineage/edge-kinds.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import { groupBy } from './group-by.ts'

export interface TreeRow {
  number: number
  /** 1 for a root. */
  level: number
  /** The parent under which it stands; null for a root. Further parents are told in its row. */
  parent: number | null
}

/**
 * Each stage once, below its first weight parent (else its first parent), siblings by number; `path` puts its stages last
 * among their siblings, so that the path reads on downwards.
 */
export function treeOrder(numbers: readonly number[], edges: readonly Edge[], path: readonly number[]): TreeRow[] {
  const onPath = new Set(path)
  const parentOf = new Map(numbers.map((n) => [n, treeParent(n, edges, onPath)]))
  const childrenOf = groupBy(numbers, (n) => parentOf.get(n) ?? null)
  const rows: TreeRow[] = []
  const seen = new Set<number>()
  const visit = (parent: number | null, level: number) => {
    const children = [...(childrenOf.get(parent) ?? [])].sort(
      (a, b) => Number(onPath.has(a)) - Number(onPath.has(b)) || a - b,
    )
    for (const number of children) {
      if (seen.has(number)) continue
      seen.add(number)
      rows.push({ number, level, parent })
      visit(number, level + 1)
    }
  }
  visit(null, 1)
  return rows
}

function treeParent(child: number, edges: readonly Edge[], onPath: ReadonlySet<number>): number | null {
  const parents = edges.filter((e) => e.child.number === child)
  const weights = parents.filter((e) => isWeightEdge(e.kind))
  const from = weights.length > 0 ? weights : parents
  const chosen = from.find((e) => onPath.has(child) && onPath.has(e.parent.number)) ?? from[0]
  return chosen?.parent.number ?? null
}
