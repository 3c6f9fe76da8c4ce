'use client'
import { ActionIcon } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import type { RunDetail } from '#src/protocol/runs.ts'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

/** The star of the run: shown as wanted at once, and as it is where that was refused. Who may only read sees one that is there. */
export function StarRun(props: RunPlace & { run: RunDetail; mayWrite: boolean }) {
  const { run, workspace, project, number } = props
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const star = useMutation(
    trpc.runs.update.mutationOptions({
      onError: (error) => showNotice({ message: readFailure(error).sentence, color: 'red' }),
      // Until the answer is there what was asked for is shown.
      onSettled: () => {
        // Tables of runs are asked for again when they are looked at.
        void queryClient.invalidateQueries({ ...trpc.runs.pathFilter(), refetchType: 'none' })
        return queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey() })
      },
    }),
  )
  const isStarred = star.isPending ? star.variables.starred === true : run.starred === true
  const icon = <Star size={16} strokeWidth={1.75} fill={isStarred ? 'currentColor' : 'none'} aria-hidden />
  if (!props.mayWrite)
    return isStarred ? (
      <span className={styles.star} role="img" aria-label="Starred" title="Starred">
        {icon}
      </span>
    ) : null
  return (
    <Tooltip label={isStarred ? 'Take the star off' : 'Star the run'}>
      <ActionIcon
        className={styles.star}
        variant="subtle"
        color="gray"
        size={28}
        aria-label="Star"
        aria-pressed={isStarred}
        onClick={() => star.mutate({ workspace, project, run: number, starred: !isStarred })}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
