'use client'
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/**
 * True while the element is drawn and near the visible part: only then it asks for data.
 *
 * @param reach how far below and above counts as near, in heights of the window
 */
export function useNearViewport(ref: RefObject<HTMLElement | null>, reach = 0.5): boolean {
  const [near, setNear] = useState(false)
  // The observer's first word comes frames later; what is in view from the beginning asks at once. What is not drawn has no height.
  useLayoutEffect(() => {
    const box = ref.current?.getBoundingClientRect()
    if (box && box.height > 0 && box.top < (1 + reach) * innerHeight && box.bottom > -reach * innerHeight) setNear(true)
  }, [ref, reach])
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: `${reach * 100}% 0px`,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref, reach])
  return near
}

/** What comes once and stays need not begin as early as what comes and goes. */
const REACH_ONCE = 0.25

/** True from when the element first was within a quarter of a screen of the visible part on. */
export function useHasBeenNear(ref: RefObject<HTMLElement | null>): boolean {
  const isNear = useNearViewport(ref, REACH_ONCE)
  const [hasBeen, setHasBeen] = useState(false)
  useEffect(() => {
    if (isNear) setHasBeen(true)
  }, [isNear])
  return isNear || hasBeen
}
