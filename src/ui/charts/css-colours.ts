'use client'
import { useEffect, useState } from 'react'

/** The concrete colour of any CSS colour (`var(--st-task)`, `light-dark(…)`) under the theme in force: a canvas knows no variables. */
export function resolveColour(css: string): string {
  const probe = document.createElement('span')
  probe.style.color = css
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}

/** Changes whenever the theme does, so that what is painted can be painted again. */
export function useThemeKey(): string {
  const [key, setKey] = useState('')
  useEffect(() => {
    const root = document.documentElement
    const read = () => setKey(root.getAttribute('data-mantine-color-scheme') ?? 'light')
    read()
    const observer = new MutationObserver(read)
    observer.observe(root, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
    return () => observer.disconnect()
  }, [])
  return key
}
