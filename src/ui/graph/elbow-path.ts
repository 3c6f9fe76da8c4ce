export interface Point {
  x: number
  y: number
}

const RADIUS = 6

/**
 * A line from a card's right edge to another's left edge: level, then upright at `elbow` px from the start, then level,
 * with round corners of 6 px. Straight when both lie level. SVG path data.
 */
export function elbowPath(from: Point, to: Point, elbow: number): string {
  const down = to.y - from.y
  if (Math.abs(down) < 1) return `M${from.x} ${from.y}L${to.x} ${to.y}`
  const x = from.x + elbow
  const r = Math.min(RADIUS, Math.abs(down) / 2, Math.max(0, to.x - x))
  const sign = Math.sign(down)
  return [
    `M${from.x} ${from.y}`,
    `L${x - r} ${from.y}`,
    `Q${x} ${from.y} ${x} ${from.y + sign * r}`,
    `L${x} ${to.y - sign * r}`,
    `Q${x} ${to.y} ${x + r} ${to.y}`,
    `L${to.x} ${to.y}`,
  ].join('')
}

/** Where a mark at mid-length stands: on the upright part, or half way on a level line. */
export const middleOf = (from: Point, to: Point, elbow: number): Point =>
  Math.abs(to.y - from.y) < 1 ? { x: (from.x + to.x) / 2, y: from.y } : { x: from.x + elbow, y: (from.y + to.y) / 2 }
