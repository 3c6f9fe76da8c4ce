'use client'
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/** How far below and above the visible part counts as near, in heights of the window. */
const NEAR = 0.5

/** True while the element is drawn and within half a screen of the visible part: only then it asks for data. */
export function useNearViewport(ref: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false)
  // The observer's first word comes frames later; what is in view from the beginning asks at once. What is not drawn has no height.
  useLayoutEffect(() => {
    const box = ref.current?.getBoundingClientRect()
    if (box && box.height > 0 && box.top < (1 + NEAR) * innerHeight && box.bottom > -NEAR * innerHeight) setNear(true)
  }, [ref])
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: `${NEAR * 100}% 0px`,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return near
}

/** True from when the element first is near on. */
export function useHasBeenNear(ref: RefObject<HTMLElement | null>): boolean {
  const isNear = useNearViewport(ref)
  const [hasBeen, setHasBeen] = useState(false)
  useEffect(() => {
    if (isNear) setHasBeen(true)
  }, [isNear])
  return isNear || hasBeen
}
