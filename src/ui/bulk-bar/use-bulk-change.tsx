'use client'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { BulkAnswer, BulkChange, LeftOut } from '#src/protocol/bulk-runs.ts'
import { hideNotice, showNotice } from '#src/ui/kit/notices.tsx'
import { problemMember, readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './bulk-bar.module.css'
import { doneWords, runsCount } from './bulk-words.ts'

/** Runs by their uids, or all that match a search but some. `matching`: how many the person was shown. */
export type RunChoice =
  | { runs: readonly string[] }
  | { q: string; archived: boolean; except: readonly string[]; matching: number }

/** How long the way back stands in the corner, ms. */
const UNDO_MS = 15_000

/**
 * Carries out a change of many runs and offers to take it back. When some of them cannot be changed nothing is, and `blocked` names
 * them until `goOn` leaves them out or `dismiss` drops the change.
 */
export function useBulkChange(place: { workspace: string; project: string }, onDone: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [blocked, setBlocked] = useState<{ change: BulkChange; choice: RunChoice; leftOut: LeftOut[] } | null>(null)
  const mutation = useMutation(trpc.runs.change.mutationOptions())
  const renew = () => queryClient.invalidateQueries(trpc.runs.pathFilter())

  const send = (change: BulkChange, choice: RunChoice, leaveOut = false, project = place.project) =>
    mutation.mutateAsync({ ...place, project, change, choice: sent(choice), leave_out: leaveOut })

  const undo = async (steps: BulkAnswer['undo'], id: string) => {
    hideNotice(id)
    try {
      for (const { change, runs, project } of steps) await send(change, { runs }, false, project)
      showNotice({ message: `Taken back: ${runsCount(countOf(steps))} as before.` })
    } catch (error) {
      showNotice({ message: readFailure(error).sentence, color: 'red' })
    }
    await renew()
  }
  const change = async (asked: BulkChange, choice: RunChoice, leaveOut = false): Promise<boolean> => {
    try {
      const answer = await send(asked, choice, leaveOut)
      const id = `bulk-${Date.now()}`
      setBlocked(null)
      onDone()
      void renew()
      showNotice({
        id,
        autoClose: UNDO_MS,
        message: (
          <span className={styles.toast}>
            <span>{doneWords(asked, answer)}</span>
            {answer.undo.length > 0 ? (
              <Button size="compact-xs" onClick={() => void undo(answer.undo, id)}>
                Undo
              </Button>
            ) : null}
          </span>
        ),
      })
      return true
    } catch (error) {
      const leftOut = problemMember(error, 'left_out')
      if (Array.isArray(leftOut)) setBlocked({ change: asked, choice, leftOut: leftOut as LeftOut[] })
      return false
    }
  }
  return {
    change,
    busy: mutation.isPending,
    /** Of the last change; null where `blocked` says more. */
    error: blocked ? null : mutation.error,
    blocked,
    goOn: () => blocked && change(blocked.change, blocked.choice, true),
    dismiss: () => {
      setBlocked(null)
      mutation.reset()
    },
  }
}

const sent = (choice: RunChoice) =>
  'runs' in choice ? { runs: [...choice.runs] } : { ...choice, except: [...choice.except] }

const countOf = (steps: BulkAnswer['undo']): number => new Set(steps.flatMap(({ runs }) => runs)).size
