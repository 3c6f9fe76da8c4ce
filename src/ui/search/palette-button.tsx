'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import styles from './palette.module.css'

const Palette = dynamic(() => import('./palette.tsx').then((file) => file.Palette), { ssr: false })

/** Opens the search over everything; Ctrl K or ⌘ K does so from anywhere, also while typing. Its code comes when it is first opened. */
export function PaletteButton({ workspace, project }: { workspace: string; project: string | null }) {
  const [isOpen, setOpen] = useState(false)
  const [isLoaded, setLoaded] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setLoaded(true)
      setOpen((open) => !open)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button
        type="button"
        className={styles.opener}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        aria-label="Search or jump to"
        onClick={() => {
          setLoaded(true)
          setOpen(true)
        }}
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <span className={styles.openerWord}>Search or jump to</span>
        <kbd className={styles.key}>Ctrl K</kbd>
      </button>
      {isLoaded ? (
        <Palette workspace={workspace} project={project} opened={isOpen} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}
