'use client'
import type { Section } from '#src/core/layouts/layout.ts'
import styles from './workspace.module.css'

/** A section that was made by hand and holds nothing yet. */
export function EmptySection({ section }: { section: Section }) {
  return (
    <p className={styles.emptySection}>
      {section.removed?.length
        ? 'All charts of this section were taken away. Its menu brings them back.'
        : 'No chart here yet. Add one, or drop a chart on the name of the section.'}
    </p>
  )
}
