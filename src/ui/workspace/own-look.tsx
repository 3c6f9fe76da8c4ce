'use client'
import { X } from 'lucide-react'
import type { LookOverride, Panel, Section } from '#src/core/layouts/layout.ts'
import { overrideWords } from './override-words.ts'
import styles from './workspace.module.css'
import { setOwnLook, useParts } from './workspace-context.tsx'

/** Says what something is looked at by of its own; one press drops it. Nothing where it has no setting of its own. */
export function OwnLook(props: {
  look: LookOverride | undefined
  what: string
  section: Section
  panel: Panel | null
}) {
  const { look, what, section, panel } = props
  const { state, askLook } = useParts()
  if (!look || Object.keys(look).length === 0) return null
  const words = overrideWords(look)
  return (
    <span className={styles.own}>
      <button type="button" className={styles.ownWord} onClick={() => askLook(section, panel)}>
        {words}
        <span className={styles.ownNote}>, own setting</span>
      </button>
      <button
        type="button"
        className={styles.ownDrop}
        aria-label={`Drop the own settings of ${what}`}
        onClick={() => setOwnLook(state, section, panel, {})}
      >
        <X size={12} strokeWidth={2} aria-hidden />
      </button>
    </span>
  )
}
