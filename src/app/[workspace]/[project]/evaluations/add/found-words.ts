/** What was understood of files, in words. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { ScoreFilesReport } from '#src/protocol/imports.ts'

/** "1 score", "2,041 scores" */
export const countOf = (n: number, word: string): string => `${formatExactCount(n)} ${word}${n === 1 ? '' : 's'}`

/** The answer of the page: what was found, and what of it is new. */
export function sentenceOf({ files, scores, benchmarks, totals, written }: ScoreFilesReport): string {
  const of = countOf(files.length, 'file')
  if (scores.length === 0) return `No score was understood in ${of}.`
  const known = totals.there > 0 ? `, ${formatExactCount(totals.there)} there already` : ''
  const left = totals.left_out > 0 ? `, ${formatExactCount(totals.left_out)} left out` : ''
  return `${countOf(scores.length, 'score')} of ${countOf(benchmarks.length, 'benchmark')} in ${of}: ${formatExactCount(totals.new)} ${written ? 'written' : 'new'}${known}${left}.`
}

/** Why there is nothing to write; null when there is. */
export function whyNot({ totals }: ScoreFilesReport): string | null {
  if (totals.new > 0) return null
  return totals.there > 0 && totals.left_out === 0
    ? 'All of these scores are there already.'
    : 'Nothing here can be written: the tables below say why.'
}

/** What the button does not write. */
export const leftOutWords = ({ totals }: ScoreFilesReport): string =>
  `${countOf(totals.left_out, 'score')} cannot be taken and ${totals.left_out === 1 ? 'is' : 'are'} left out; the reasons are below.`

/** Everything that was not understood or cannot be taken: where, and why. */
export function faultsOf({
  files,
  scores,
}: ScoreFilesReport): { key: string; file: string; at: string; reason: string }[] {
  const read = files.flatMap(({ name, faults }) => faults.map((fault) => ({ file: name, ...fault })))
  const refused = scores.flatMap(({ file, at, state, reason }) =>
    state === 'left_out' ? [{ file, at, reason: reason ?? '' }] : [],
  )
  const kept = scores.flatMap(({ file, at, without_items }) =>
    without_items === null ? [] : [{ file, at, reason: `written without items: ${without_items}` }],
  )
  return [...read, ...refused, ...kept].map((fault, i) => ({ ...fault, key: `${i} ${fault.file} ${fault.at}` }))
}

export const KIND_WORDS = {
  table: 'table of scores',
  lm_eval: 'results of lm-evaluation-harness',
  samples: 'samples of lm-evaluation-harness',
  other: 'not understood',
} as const satisfies Record<ScoreFilesReport['files'][number]['kind'], string>

export const STATE_WORDS = { new: 'new', there: 'there already', left_out: 'left out' } as const
