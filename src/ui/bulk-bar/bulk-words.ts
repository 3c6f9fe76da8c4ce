import { BULK_RUNS_MAX, type BulkAction } from '#src/core/runs/bulk.ts'
import type { BulkAnswer, BulkChange } from '#src/protocol/bulk-runs.ts'

const number = new Intl.NumberFormat('en')

/** "1 run", "1,204 runs". */
export const runsCount = (count: number): string => `${number.format(count)} ${count === 1 ? 'run' : 'runs'}`

/** Why an action cannot be done to so many; null when it can. */
export const overLimit = (action: BulkAction, count: number): string | null =>
  count > BULK_RUNS_MAX[action]
    ? `At most ${number.format(BULK_RUNS_MAX[action])} runs are ${DONE[action].toLowerCase()} at once; ${number.format(count)} are chosen. Narrow the choice.`
    : null

/** What a change did, in a sentence: how many, and how many it left as they were or out. */
export function doneWords(change: BulkChange, answer: BulkAnswer): string {
  const verb = change.do === 'group' && change.group === null ? 'Ungrouped' : DONE[change.do]
  const what = `${verb} ${runsCount(answer.changed)}${objectOf(change)}.`
  const same = answer.chosen - answer.changed - answer.left_out.length
  const rest = [
    same > 0 ? `${runsCount(same)} ${same === 1 ? 'was' : 'were'} so already.` : null,
    answer.left_out.length > 0 ? `${runsCount(answer.left_out.length)} left out.` : null,
  ].filter((one) => one !== null)
  return [what, ...rest].join(' ')
}

function objectOf(change: BulkChange): string {
  if (change.do === 'tag') return ` with ${change.tags.join(', ')}`
  if (change.do === 'untag') return `: ${change.tags.join(', ')} taken off`
  if (change.do === 'group' && change.group !== null) return ` as ${change.group}`
  if (change.do === 'move' && change.to_project !== undefined) return ` to ${change.to_project}`
  return ''
}

const DONE: Readonly<Record<BulkAction, string>> = {
  tag: 'Tagged',
  untag: 'Untagged',
  group: 'Grouped',
  star: 'Starred',
  unstar: 'Unstarred',
  archive: 'Archived',
  unarchive: 'Brought back',
  move: 'Moved',
  delete: 'Deleted',
  restore: 'Restored',
}
