/**
 * Drawings of one page take turns: when many charts change at once, as many are drawn in a frame as fit into it, and the rest in the
 * next ones, so that a page never holds still for all of them.
 */

/** Time for drawings in one frame, ms. */
const FRAME_SHARE_MS = 14

const queue = new Set<() => void>()
let isDue = false

/** Draws in this frame or one of the next, in the order of asking. Gives the way to take it back. */
export function takeTurn(draw: () => void): () => void {
  queue.add(draw)
  if (!isDue) {
    isDue = true
    requestAnimationFrame(drawSome)
  }
  return () => queue.delete(draw)
}

function drawSome(): void {
  const begin = performance.now()
  for (const draw of queue) {
    queue.delete(draw)
    draw()
    if (performance.now() - begin > FRAME_SHARE_MS) break
  }
  isDue = queue.size > 0
  if (isDue) requestAnimationFrame(drawSome)
}
