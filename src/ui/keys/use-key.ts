'use client'
import { useEffect, useRef } from 'react'
import { type KeyName, NAMED_KEYS } from '#src/core/keys/named-keys.ts'

/** True where a key is a character, or means something to what has the focus. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="combobox"], [role="listbox"], [role="menu"]') !== null)

/** Does `act` when the key of that name is pressed anywhere but while typing and while a dialog is open. */
export function useKey(name: KeyName, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== NAMED_KEYS[name] || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return
      if (isTyping(event.target) || document.querySelector('[role="dialog"][aria-modal="true"]')) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [name])
}
