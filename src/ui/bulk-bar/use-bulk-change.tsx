'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { BulkAnswer, BulkChange, LeftOut } from '#src/protocol/bulk-runs.ts'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { problemMember, useTRPC } from '#src/ui/trpc-client.tsx'
import { doneWords, runsCount } from './bulk-words.ts'
import { showDone } from './show-done.tsx'

/** Runs by uids or by numbers, or all that match a search but some. `matching`: how many the person was shown. */
export type RunChoice =
  | { runs: readonly string[] }
  | { numbers: readonly number[] }
  | { q: string; archived: boolean; except_numbers: readonly number[]; matching: number }

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

  const undo = async (steps: BulkAnswer['undo']): Promise<string> => {
    try {
      for (const { change, runs, project } of steps) await send(change, { runs }, false, project)
    } finally {
      void renew()
    }
    return `Taken back: ${runsCount(countOf(steps))} as before.`
  }
  const change = async (asked: BulkChange, choice: RunChoice, leaveOut = false): Promise<boolean> => {
    try {
      const answer = await send(asked, choice, leaveOut)
      setBlocked(null)
      void renew()
      if (answer.chosen === 0 && !('q' in choice)) {
        showNotice({ message: 'Nothing was changed: none of these runs is in this project any more.', color: 'red' })
        return false
      }
      onDone()
      showDone(doneWords(asked, answer), answer.undo.length > 0 ? () => undo(answer.undo) : null)
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
  'runs' in choice
    ? { runs: [...choice.runs] }
    : 'numbers' in choice
      ? { numbers: [...choice.numbers] }
      : { ...choice, except_numbers: [...choice.except_numbers] }

const countOf = (steps: BulkAnswer['undo']): number => new Set(steps.flatMap(({ runs }) => runs)).size
