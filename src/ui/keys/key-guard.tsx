'use client'
import { useEffect } from 'react'
import { singleKeysAreOn } from './single-keys.ts'
import { isTyping } from './use-key.ts'

/**
 * While single keys are turned off none reaches a page, whoever listens there: it is stopped before all others. Typing is left alone, and
 * so are keys with Ctrl, Alt or Command and those that write nothing.
 */
export function KeyGuard() {
  useEffect(() => {
    const stop = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey) return
      if (!singleKeysAreOn() && !isTyping(event.target)) event.stopImmediatePropagation()
    }
    window.addEventListener('keydown', stop, { capture: true })
    return () => window.removeEventListener('keydown', stop, { capture: true })
  }, [])
  return null
}
