import type { Edge } from '#src/protocol/experiments.ts'
import type { Place } from './place-stages.ts'

/**
 * Where an arrow key leads from a stage: Right to the child nearest in rows (on the path first), Left to the parent, Up and
 * Down to the next card of the column. null at the edge of the drawing and for other keys.
 */
export function neighbour(
  from: number,
  key: string,
  places: ReadonlyMap<number, Place>,
  edges: readonly Edge[],
  path: readonly number[],
): number | null {
  const here = places.get(from)
  if (!here) return null
  const rank = (n: number) => (path.includes(n) ? 0 : 1) * 1_000 + Math.abs((places.get(n)?.row ?? 0) - here.row)
  const nearest = (numbers: readonly number[]) => [...numbers].sort((a, b) => rank(a) - rank(b) || a - b)[0] ?? null
  if (key === 'ArrowRight') return nearest(edges.filter((e) => e.parent.number === from).map((e) => e.child.number))
  if (key === 'ArrowLeft') return nearest(edges.filter((e) => e.child.number === from).map((e) => e.parent.number))
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null
  const sign = key === 'ArrowDown' ? 1 : -1
  const column = [...places].filter(([, p]) => p.column === here.column && (p.row - here.row) * sign > 0)
  return column.sort(([, a], [, b]) => (a.row - b.row) * sign)[0]?.[0] ?? null
}
