'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Square } from 'lucide-react'
import { useState } from 'react'
import { mayTake } from '#src/core/runs/states.ts'
import type { RunDetail } from '#src/protocol/runs.ts'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './run.module.css'
import type { RunPlace } from './run-place.ts'

/** Asks the run to stop, once more asked before. A run that cannot be stopped says why. */
export function StopRun(props: RunPlace & { run: RunDetail; mayWrite: boolean }) {
  const { run, workspace, project, number } = props
  const [opened, setOpened] = useState(false)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const stop = useMutation(
    trpc.runs.stop.mutationOptions({
      onSuccess: () => {
        setOpened(false)
        void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ workspace, project, run: number }) })
      },
    }),
  )
  const why = reason(run, props.mayWrite)
  const isOver = !mayTake('stop', run.state)
  return (
    <span className={styles.stop} data-over={isOver || undefined}>
      <ExplainedButton
        why={why}
        leftSection={<Square size={14} strokeWidth={1.75} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Stop run
      </ExplainedButton>
      <Confirm
        opened={opened}
        title={`Stop ${run.name}?`}
        verb="Stop run"
        busy={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate({ workspace, project, run: number })}
        onClose={() => setOpened(false)}
      >
        The run is asked to end at its next step. What it has logged and saved stays
        {run.last_step === null ? '' : `; it is at step ${run.last_step}`}.
      </Confirm>
    </span>
  )
}

function reason(run: RunDetail, mayWrite: boolean): string | null {
  if (!mayWrite) return 'Your role here can look but not stop runs.'
  if (!mayTake('stop', run.state)) return `The run is over: ${run.state}.`
  if (run.stop_requested) return 'It was asked to stop and ends at its next step.'
  return null
}
