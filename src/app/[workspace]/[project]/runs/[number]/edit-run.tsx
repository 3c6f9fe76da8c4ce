'use client'
import { Pencil } from 'lucide-react'
import { useEffect } from 'react'
import { READS_ONLY } from '#src/ui/bulk-bar/reads-only.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { whenIdle } from '#src/ui/kit/load-part.ts'
import styles from './run.module.css'

/** What of the run is edited, in a row below its name. */
export const EditRunBar = later(
  () => import('./edit-run-bar.tsx').then((file) => file.EditRunBar),
  <div className={styles.editLoading} />,
)

/** Opens that row and closes it. */
export function EditRun(props: { mayWrite: boolean; opened: boolean; onOpened: (opened: boolean) => void }) {
  const { mayWrite, opened, onOpened } = props
  useEffect(() => (mayWrite ? whenIdle(EditRunBar.preload) : undefined), [mayWrite])
  return (
    <span className={styles.edit}>
      <ExplainedButton
        why={mayWrite ? null : READS_ONLY}
        aria-expanded={opened}
        leftSection={<Pencil size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => onOpened(!opened)}
      >
        Edit
      </ExplainedButton>
    </span>
  )
}
