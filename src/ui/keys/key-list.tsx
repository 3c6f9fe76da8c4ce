'use client'
import { useEffect, useState } from 'react'
import { loadPart } from '#src/ui/kit/load-part.ts'
import { useKey } from './use-key.ts'

/** Asked for by a menu, wherever it stands. */
const OPEN = 'descent:list-of-keys'
export const openKeyList = (): void => void window.dispatchEvent(new Event(OPEN))

const dialog = loadPart(() => import('./key-dialog.tsx').then((file) => file.KeyDialog))

/** The list of keys; `?` opens it anywhere, and so do menus. It comes when it is first asked for. */
export function KeyList() {
  const [opened, setOpened] = useState<boolean | null>(null)
  useKey('list-of-keys', () => setOpened(true))
  useEffect(() => {
    const open = () => setOpened(true)
    window.addEventListener(OPEN, open)
    return () => window.removeEventListener(OPEN, open)
  }, [])
  return opened === null ? null : <Loaded opened={opened} onClose={() => setOpened(false)} />
}

function Loaded({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const KeyDialog = dialog.use()
  // It opens once it is there: what had the focus then is what it gives it back to.
  const [isShown, setIsShown] = useState(false)
  useEffect(() => setIsShown(opened && KeyDialog !== null), [opened, KeyDialog])
  return KeyDialog ? <KeyDialog opened={isShown} onClose={onClose} /> : null
}
