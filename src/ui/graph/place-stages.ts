/**
 * Where the cards stand: columns by rank from left to right, the chosen path as one straight row, siblings above it first,
 * then below, each branch in its parent's row where that is free. General layered layouts bend a path to save crossings;
 * here the path is ranked first and the rest stands around it. Pure.
 */
import type { Edge } from '#src/protocol/experiments.ts'
import { groupBy } from './group-by.ts'

export const CARD_WIDTH = 186
export const CARD_HEIGHT = 126
export const GAP_ACROSS = 44
export const GAP_DOWN = 12

export interface Place {
  column: number
  /** 0 is the path's row, negative above it. */
  row: number
}

/**
 * The place of each stage by number. `numbers`: all stages; `edges`: between them, without cycles; `path`: root first.
 * The same input gives the same places. 500 stages take well under a second.
 */
export function placeStages(
  numbers: readonly number[],
  edges: readonly Edge[],
  path: readonly number[],
): Map<number, Place> {
  const columns = columnsOf(numbers, edges)
  const onPath = new Set(path)
  const places = new Map<number, Place>()
  const parentsOf = groupBy(edges, (edge) => edge.child.number)
  const stagesOf = groupBy(numbers, (n) => columns.get(n) ?? 0)
  for (const [column, stages] of [...stagesOf].sort(([a], [b]) => a - b)) {
    const taken = new Set<number>()
    const pathStage = stages.find((n) => onPath.has(n))
    if (pathStage !== undefined) {
      places.set(pathStage, { column, row: 0 })
      taken.add(0)
    }
    const rest = stages
      .filter((n) => n !== pathStage)
      .map((n) => ({ number: n, wish: wishedRow(parentsOf.get(n) ?? [], places) }))
      .sort((a, b) => Math.abs(a.wish) - Math.abs(b.wish) || a.number - b.number)
    for (const { number, wish } of rest) {
      const row = nearestFree(wish, taken, pathStage !== undefined)
      taken.add(row)
      places.set(number, { column, row })
    }
  }
  return places
}

/** A stage stands in its parent's row where that is free. */
function wishedRow(parents: readonly Edge[], places: ReadonlyMap<number, Place>): number {
  const rows = parents.map((edge) => places.get(edge.parent.number)?.row ?? 0)
  return rows.length === 0 ? 0 : (rows.sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0)
}

function nearestFree(wish: number, taken: ReadonlySet<number>, pathHere: boolean): number {
  const free = (row: number) => !taken.has(row) && (row !== 0 || !pathHere)
  if (free(wish)) return wish
  for (let step = 1; ; step += 1) {
    if (free(wish - step)) return wish - step
    if (free(wish + step)) return wish + step
  }
}

/** Columns: the longest way from a root, so that every edge leads to the right. */
function columnsOf(numbers: readonly number[], edges: readonly Edge[]): Map<number, number> {
  const parentsOf = groupBy(edges, (edge) => edge.child.number)
  const columns = new Map<number, number>()
  const columnOf = (number: number): number => {
    const known = columns.get(number)
    if (known !== undefined) return known
    // Set before the parents are asked: a cycle, which the server refuses, would end here instead of never.
    columns.set(number, 0)
    const parents = parentsOf.get(number) ?? []
    const column = parents.reduce((most, edge) => Math.max(most, columnOf(edge.parent.number) + 1), 0)
    columns.set(number, column)
    return column
  }
  for (const number of numbers) columnOf(number)
  return columns
}

/** Upper left corner of a place, in px of the drawing. */
export const cornerOf = (place: Place): { x: number; y: number } => ({
  x: place.column * (CARD_WIDTH + GAP_ACROSS),
  y: place.row * (CARD_HEIGHT + GAP_DOWN),
})
