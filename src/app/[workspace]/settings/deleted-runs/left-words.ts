import { formatExactCount } from '#src/core/format/count.ts'
import type { DeletedRun } from '#src/protocol/storage.ts'

/** What is left of a deleted run, and for how long. */
export function leftWords(
  run: Pick<DeletedRun, 'phase' | 'days_left' | 'rows' | 'rows_done' | 'kept_checkpoints'>,
): string {
  switch (run.phase) {
    case 'restorable':
      return `everything, for ${run.days_left === 1 ? '1 more day' : `${run.days_left} more days`}`
    case 'waiting':
      return 'everything; its deletion begins within seconds'
    case 'deleting':
      return run.rows === null
        ? 'its deletion begins'
        : `${formatExactCount(run.rows_done)} of ${formatExactCount(run.rows)} rows deleted`
    case 'gone':
      return run.kept_checkpoints === 0 ? 'nothing' : keptWords(run.kept_checkpoints)
  }
}

const keptWords = (n: number): string => (n === 1 ? '1 checkpoint that is in use' : `${n} checkpoints that are in use`)
