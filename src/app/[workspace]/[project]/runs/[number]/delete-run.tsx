'use client'
import { Trash2 } from 'lucide-react'
import type { RunDetail } from '#src/protocol/runs.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { paths } from '#src/ui/paths.ts'
import { useDeleteRun } from '#src/ui/run-table/use-delete-run.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

/** Deletes the run and leads to the list, where it is no more. */
export function DeleteRun({ run, workspace, project, mayDelete }: RunPlace & { run: RunDetail; mayDelete: boolean }) {
  const go = useGo()
  const { ask, dialog } = useDeleteRun(workspace, { onDeleted: () => go(paths.runs(workspace, project)) })
  return (
    <span className={styles.delete}>
      <ExplainedButton
        why={mayDelete ? null : 'Admins and owners delete runs.'}
        leftSection={<Trash2 size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => ask(run)}
      >
        Delete
      </ExplainedButton>
      {dialog}
    </span>
  )
}
