/**
 * Drawings of one page take turns: what fits into a frame is drawn at once, the rest in the next ones, so that a page never holds still
 * for all of its charts.
 */

/** Time for drawings in one frame, ms. */
const FRAME_SHARE_MS = 14

const queue = new Set<() => void>()
let spentMs = 0
let isDue = false

/** Draws now, or in one of the next frames in the order of asking. Gives the way to take it back. */
export function takeTurn(draw: () => void): () => void {
  if (queue.size === 0 && spentMs < FRAME_SHARE_MS) {
    drawn(draw)
    return () => {}
  }
  queue.add(draw)
  return () => queue.delete(draw)
}

function drawn(draw: () => void): void {
  const begin = performance.now()
  draw()
  spentMs += performance.now() - begin
  if (isDue) return
  isDue = true
  requestAnimationFrame(nextFrame)
}

function nextFrame(): void {
  isDue = false
  spentMs = 0
  for (const draw of queue) {
    queue.delete(draw)
    drawn(draw)
    if (spentMs > FRAME_SHARE_MS) break
  }
}
