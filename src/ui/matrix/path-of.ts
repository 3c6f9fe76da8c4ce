/** The way of the weights to a stage, its forks, and where a branch ends. Pure. */
import type { MatrixStage } from '#src/protocol/matrix.ts'

/** Stages from the root to the leaf. A broken circle ends the path. */
export function stagesTo(leaf: number, stages: readonly MatrixStage[]): MatrixStage[] {
  const byNumber = new Map(stages.map((stage) => [stage.number, stage]))
  const path: MatrixStage[] = []
  for (
    let at = byNumber.get(leaf);
    at && !path.includes(at);
    at = at.parent === null ? undefined : byNumber.get(at.parent)
  )
    path.unshift(at)
  return path
}

/** Stages of the path that have siblings. */
export const forksOf = (leaf: number, stages: readonly MatrixStage[]): MatrixStage[] =>
  stagesTo(leaf, stages).filter(
    (stop) =>
      stop.parent !== null && stages.some((stage) => stage.parent === stop.parent && stage.number !== stop.number),
  )

/** Where a branch goes on to when it is chosen: along measured stages, of several the one that goes furthest, then the newest. */
export function leafBelow(number: number, stages: readonly MatrixStage[]): number {
  const depth = (at: number, seen: ReadonlySet<number>): { leaf: number; length: number } => {
    let best = { leaf: at, length: 0 }
    for (const child of stages) {
      if (child.parent !== at || !child.measured || seen.has(child.number)) continue
      const below = depth(child.number, new Set([...seen, child.number]))
      if (below.length + 1 > best.length || (below.length + 1 === best.length && below.leaf > best.leaf))
        best = { leaf: below.leaf, length: below.length + 1 }
    }
    return best
  }
  return depth(number, new Set([number])).leaf
}
