'use client'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { GRACE_DAYS } from '#src/core/runs/retention.ts'
import type { Run } from '#src/protocol/runs.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { hideNotice, showNotice } from '#src/ui/kit/notices.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run-table.module.css'

type Target = Pick<Run, 'uid' | 'name' | 'number' | 'state'>

/** How long the way back stands in the corner; after that it is in the settings. */
const UNDO_MS = 15_000

/**
 * Deletes a run after asking once more, then offers to take it back.
 *
 * @param options.onDeleted the page that showed the run leaves it
 * @returns `ask` opens the question that `dialog` shows
 */
export function useDeleteRun(workspace: string, options: { onDeleted?: () => void } = {}) {
  const [target, setTarget] = useState<Target | null>(null)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  // The run's own page is left: asked anew, it would say that the run is gone.
  const renew = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.runs.list.pathFilter()),
      queryClient.invalidateQueries(trpc.runs.table.pathFilter()),
      queryClient.invalidateQueries(trpc.runs.groups.pathFilter()),
      queryClient.invalidateQueries(trpc.runs.drawn.pathFilter()),
      queryClient.invalidateQueries(trpc.runs.deleted.pathFilter()),
    ])
  const restore = useMutation(trpc.runs.restore.mutationOptions())
  const remove = useMutation(trpc.runs.delete.mutationOptions())

  const undo = (run: Target) => {
    hideNotice(run.uid)
    restore.mutateAsync({ workspace, run: run.uid }).then(
      () => {
        void renew()
        showNotice({ message: `${run.name} (#${run.number}) is back.` })
      },
      (error: unknown) => {
        showNotice({ message: readFailure(error).sentence, color: 'red' })
      },
    )
  }
  const confirm = (run: Target) =>
    remove.mutateAsync({ workspace, run: run.uid }).then(
      () => {
        setTarget(null)
        options.onDeleted?.()
        void renew()
        showNotice({
          id: run.uid,
          autoClose: UNDO_MS,
          message: (
            <span className={styles.toast}>
              <span>
                Deleted {run.name} (#{run.number}).{' '}
                <Link className="link" href={paths.deletedRuns(workspace)}>
                  Deleted runs
                </Link>
              </span>
              <Button size="compact-xs" onClick={() => undo(run)}>
                Undo
              </Button>
            </span>
          ),
        })
      },
      () => {},
    )
  const isUnderWay = target?.state === 'running' || target?.state === 'lost'
  const dialog: ReactNode = (
    <Confirm
      opened={target !== null}
      title={`Delete ${target?.name ?? 'the run'}?`}
      verb="Delete run"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => target && void confirm(target)}
      onClose={() => {
        remove.reset()
        setTarget(null)
      }}
    >
      {isUnderWay ? (
        <p>It is still under way: its program is told that the run is gone, and sends nothing more.</p>
      ) : null}
      <p>
        It leaves all lists at once and can be restored for {GRACE_DAYS} days. Then its metrics, console and files are
        deleted for good. Checkpoints stay with their files where a stage starts from one, has it pinned, or a job reads
        it.
      </p>
    </Confirm>
  )
  return { ask: (run: Target) => setTarget(run), dialog }
}
