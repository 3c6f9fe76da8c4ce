/** What a rule chose among the checkpoints of a stage, in words. */
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { BestCheckpoint } from '#src/protocol/best-checkpoint.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'

type Candidate = BestCheckpoint['candidates'][number]

/** "Step 400, Task accuracy 0.488. 2 others cannot be told from it. The pinned checkpoint is another one." */
export function bestWords(data: BestCheckpoint): string {
  const best = data.candidates.find((one) => one.checkpoint.id === data.best)
  if (!best) return [data.why ?? 'The rule chooses none.', ...leftOut(data)].join(' ')
  const { name = 'target' } = data.target ?? {}
  const print = (value: number) => formatNumber(value, data.target ? digitsOf(data.target, best.score ?? 0) : 3)
  const tied = data.candidates.filter((one) => one.behind?.tied)
  const withoutInterval = tied.filter((one) => one.behind?.low === null).length
  const left = data.candidates.filter((one) => one.excluded.length > 0).length
  return [
    `Step ${formatExactCount(best.checkpoint.step)}, ${name} ${print(best.score ?? Number.NaN)}.`,
    ...(left > 0 ? [`${left} of ${data.candidates.length} checkpoints were left out.`] : []),
    ...(tied.length > 0
      ? [
          `${tied.length} ${tied.length === 1 ? 'other' : 'others'} cannot be told from it${withoutInterval > 0 ? `, ${withoutInterval} for want of an interval` : ''}.`,
        ]
      : []),
    ...(best.uncertain.length > 0 ? [`Not certain to be within budget: ${best.uncertain.join(', ')}.`] : []),
    ...(data.selection !== null && data.selection > 0
      ? [`As the highest of several it looks better by about ${print(data.selection)} if all are equally good.`]
      : []),
    data.of_stage?.id === best.checkpoint.id
      ? 'It stands for the stage.'
      : `The checkpoint that stands for the stage is another one${data.of_stage?.why === 'pinned' ? ', pinned by a person' : ''}.`,
    ...leftOut(data),
  ].join(' ')
}

const leftOut = ({ left_out, candidates }: BestCheckpoint): string[] =>
  left_out === 0
    ? []
    : [
        `Chosen among the furthest ${formatExactCount(candidates.length)} checkpoints; ${formatExactCount(left_out)} earlier ${left_out === 1 ? 'one was' : 'ones were'} not looked at.`,
      ]

/** "3 of 4 within budget"; what was not judged is said. */
export function keptWords({ kept }: Candidate): string {
  if (kept.length === 0) return 'nothing to keep'
  const count = (verdict: Candidate['kept'][number]['verdict']) => kept.filter((one) => one.verdict === verdict).length
  const [warn, missing] = [count('warn'), count('missing')]
  return [
    `${count('pass')} of ${kept.length} within budget`,
    ...(warn > 0 ? [`${warn} uncertain`] : []),
    ...(missing > 0 ? [`${missing} not measured`] : []),
  ].join(', ')
}

/** Why a checkpoint was or was not chosen. */
export function verdictWords(one: Candidate, best: string | null): string {
  if (one.checkpoint.id === best) return 'best'
  if (one.excluded.length > 0) return one.excluded.join('; ')
  if (!one.behind) return 'lower target'
  return one.behind.tied ? 'cannot be told from the best' : 'lower target'
}
