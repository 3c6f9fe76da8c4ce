import { useSyncExternalStore } from 'react'

/** Lettering that browsers have unless somebody changed it, px. */
const USUAL_PX = 16

/**
 * How many times larger than usual the browser's lettering is: 1 at 16 px, 2 at 200 %. Heights that scripts compute for rows of text are
 * multiplied by it; those in sheets are in rem and grow by themselves.
 */
export const useTextScale = (): number =>
  useSyncExternalStore(
    onResize,
    () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_PX,
    () => 1,
  )

/** Whoever changes the lettering leaves the page to do so, or its layout changes with it. */
function onResize(changed: () => void): () => void {
  addEventListener('resize', changed)
  addEventListener('focus', changed)
  return () => {
    removeEventListener('resize', changed)
    removeEventListener('focus', changed)
  }
}
