'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import styles from './table.module.css'

/** A box that scrolls sideways by mouse, touch and keyboard; where more lies to the right, its edge fades. */
export function ScrollBox({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState(false)
  useEffect(() => {
    const box = ref.current
    if (box === null) return
    const look = () => setMore(box.scrollLeft + box.clientWidth < box.scrollWidth - 2)
    const observer = new ResizeObserver(look)
    observer.observe(box)
    if (box.firstElementChild) observer.observe(box.firstElementChild)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box that scrolls, not a part of the page
    <div
      ref={ref}
      className={className ? `${styles.scroll} ${className}` : styles.scroll}
      data-more={more || undefined}
      role="region"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {children}
    </div>
  )
}
