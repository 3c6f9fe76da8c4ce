import { formatExactCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import type { Attempt } from '#src/protocol/runs.ts'

/** One try of a run in words. */
export interface AttemptRow {
  number: number
  steps: string
  /** From where it began. */
  from: string
  where: string
  startedAt: string | null
  took: string
  end: string
  /** Which of its steps a later attempt did again; null: all of them count. */
  superseded: string | null
}

const END_WORDS: Readonly<Record<NonNullable<Attempt['end_reason']>, string>> = {
  finished: 'finished',
  failed: 'failed',
  stopped: 'stopped on request',
  killed: 'killed',
  preempted: 'preempted',
  lost: 'contact lost',
  timeout: 'ran past its time',
}

/** How an attempt ended: "contact lost", "failed, exit code 1". */
export const endWords = (attempt: Pick<Attempt, 'end_reason' | 'exit_code'>): string =>
  attempt.end_reason === null
    ? 'still running'
    : `${END_WORDS[attempt.end_reason]}${attempt.exit_code ? `, exit code ${attempt.exit_code}` : ''}`

/** @param now end of an attempt that still runs, epoch ms */
export function attemptRows(attempts: readonly Attempt[], now: number): AttemptRow[] {
  const ordered = [...attempts].sort((a, b) => a.number - b.number)
  return ordered.map((attempt, i) => {
    const { first_step: first, last_step: last, started_at: started } = attempt
    const next = ordered[i + 1]
    const isRedone = next !== undefined && last !== null && last >= next.first_step
    const ended = attempt.ended_at === null ? now : Date.parse(attempt.ended_at)
    return {
      number: attempt.number,
      steps: last === null ? 'none' : `${formatExactCount(first)} to ${formatExactCount(last)}`,
      from: fromWords(attempt, i === 0),
      where: [attempt.agent, attempt.host].filter(Boolean).join(', ') || 'not told',
      startedAt: started,
      took: started === null ? '–' : formatDuration(Math.max(0, ended - Date.parse(started)) / 1000),
      end: endWords(attempt),
      superseded: isRedone
        ? `${formatExactCount(Math.max(first, next.first_step))} to ${formatExactCount(last)} by attempt ${next.number}`
        : null,
    }
  })
}

function fromWords({ from_checkpoint: from, first_step: first }: Attempt, isFirst: boolean): string {
  if (from) return `checkpoint at step ${formatExactCount(from.step)}`
  if (first > 0) return `step ${formatExactCount(first)}, no checkpoint told`
  return isFirst ? 'the beginning' : 'the beginning again'
}
