'use client'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { later } from '#src/ui/kit/later.tsx'
import styles from './palette.module.css'

const Palette = later(() => import('./palette.tsx').then((file) => file.Palette))

/** Opens the search over everything; Ctrl K or ⌘ K does so from anywhere, also while typing. Its code comes when it is first opened. */
export function PaletteButton({ workspace, project }: { workspace: string; project: string | null }) {
  const [isOpen, setOpen] = useState(false)
  /** How often it was opened: each time it begins empty, also while it still fades away. */
  const [opening, setOpening] = useState(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      if (!isOpen) setOpening((before) => before + 1)
      setOpen(!isOpen)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOpen])
  return (
    <>
      <button
        type="button"
        className={styles.opener}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        aria-label="Search or jump to"
        onClick={() => {
          setOpening(opening + 1)
          setOpen(true)
        }}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.openerWord}>Search or jump to</span>
        <kbd className={styles.key}>Ctrl K</kbd>
      </button>
      {opening > 0 ? (
        <Palette
          workspace={workspace}
          project={project}
          opened={isOpen}
          opening={opening}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}
