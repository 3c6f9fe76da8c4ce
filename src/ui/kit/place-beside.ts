/** Where a small box stands beside what it belongs to, in px of the window. */

export interface Area {
  left: number
  top: number
  width: number
  height: number
}

interface Size {
  width: number
  height: number
}

/** Between the two, and to the edge of the window. */
const GAP = 5
const EDGE = 8

/**
 * The left and top edge of a box of that size at the middle of a side of `target`; at the other side where it has no room, and moved
 * along so that it stays in the window.
 */
export function placeBeside(
  target: Area,
  box: Size,
  window: Size,
  side: 'top' | 'right',
): { left: number; top: number } {
  const within = (at: number, size: number, all: number) => Math.max(EDGE, Math.min(at, all - size - EDGE))
  if (side === 'right') {
    const after = target.left + target.width + GAP
    const left = after + box.width + EDGE <= window.width ? after : target.left - GAP - box.width
    return {
      left: within(left, box.width, window.width),
      top: within(target.top + (target.height - box.height) / 2, box.height, window.height),
    }
  }
  const above = target.top - GAP - box.height
  const top = above >= EDGE ? above : target.top + target.height + GAP
  return {
    left: within(target.left + (target.width - box.width) / 2, box.width, window.width),
    top: within(top, box.height, window.height),
  }
}
