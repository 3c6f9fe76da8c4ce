/** What a matrix says in words: its cells, its answer in one sentence, and how its numbers were made. Pure. */

import { formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { Benchmark } from '#src/protocol/evaluations.ts'
import type { Matrix, MatrixRow, MatrixState } from '#src/protocol/matrix.ts'
import { changeArrow } from '#src/ui/changes/change-words.ts'
import { digitsOf, scoreWords } from '#src/ui/changes/score-digits.ts'
import { worstOf } from './arrange-rows.ts'
import { isCertain } from './cell-look.ts'
import type { ColumnHead, MatrixCell, MatrixModel } from './matrix-model.ts'

const STATE_WORDS: Readonly<Record<MatrixState, string>> = {
  forgot: 'lost',
  improved: 'gained',
  retained: 'kept within the margin',
  inconclusive: 'no difference found',
  no_interval: 'no interval',
  not_comparable: 'cannot be compared',
  no_baseline: 'nothing to compare with',
  is_baseline: 'the baseline itself',
}

/** The state of a cell as people say it. */
export const stateWord = (state: MatrixState): string => STATE_WORDS[state]

export const scoreText = (cell: Pick<MatrixCell, 'score'>, benchmark: Benchmark): string =>
  scoreWords(cell.score, benchmark)

export const changeText = (change: number, cell: Pick<MatrixCell, 'score'>, benchmark: Benchmark): string =>
  formatChange(change, digitsOf(benchmark, cell.score))

/** "0.73 to 0.93"; null without an interval. */
export function intervalText({ low, high, score }: MatrixCell, benchmark: Benchmark): string | null {
  if (low === null || high === null) return null
  const digits = Math.min(2, digitsOf(benchmark, score))
  const [from, to] = benchmark.kind === 'loss' ? [3, 3] : [digits, digits]
  return `${formatNumber(low, from)} to ${formatNumber(high, to)}`
}

/** ▲ gained and ▼ lost, hollow where the change is not certain; nothing where there is none. */
export const markText = ({ utility, state }: MatrixCell): string =>
  changeArrow(utility, state !== 'inconclusive' && state !== 'retained')

/** "seen: unseen": a tag of the items and its value. */
export const sliceName = ({ key, value }: { key: string; value: string }): string => `${key}: ${value}`

/** A row as people call it: a benchmark, or a slice of it. */
export const rowName = ({ benchmark, slice }: MatrixRow): string =>
  slice ? `${benchmark.name}, ${sliceName(slice)}` : benchmark.name

export const columnName = ({ experiment, variant }: Pick<ColumnHead, 'experiment' | 'variant'>): string =>
  variant === '' ? experiment.name : `${experiment.name}, ${variant}`

/** All that a cell says, for readers and titles. */
export function cellWords(cell: MatrixCell | null, row: MatrixRow, column: ColumnHead): string {
  const place = `${rowName(row)} at ${columnName(column)}`
  if (!cell) return `${place}: not measured`
  const { benchmark } = row
  const interval = intervalText(cell, benchmark)
  const parts = [
    `${place}: ${scoreText(cell, benchmark)}`,
    interval === null ? null : `95 % ${interval}`,
    cell.n === null ? null : `n ${formatExactCount(cell.n)}`,
    cell.trials > 1 ? `mean of ${cell.trials} seeds` : null,
    cell.change === null
      ? null
      : `${changeText(cell.change, cell, benchmark)} against ${cell.against?.experiment.name ?? 'the baseline'}${cell.isFurtherBack ? ', further back' : ''}`,
    stateWord(cell.state),
    cell.reason,
    cell.budget === 'fail' ? 'beyond its budget' : null,
    cell.budget === 'warn' ? 'its budget cannot be told' : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** The command that would fill a missing cell. */
export const evalCommand = (benchmark: string, checkpoint: string): string =>
  `descent.run.log_eval("${benchmark}", score=0.81, n=128, metric="accuracy", checkpoint="${checkpoint}")`

/** Certain losses of some columns: how many, and where the worst is. Slices are told by their row. */
interface Losses {
  count: number
  worst: { row: number; column: number } | null
}

function lossesOf(model: MatrixModel, group: readonly ColumnHead['group'][]): Losses {
  const losses: Losses = { count: 0, worst: null }
  let least = Number.POSITIVE_INFINITY
  model.columns.forEach((head, column) => {
    if (!head || !group.includes(head.group)) return
    model.rows.forEach(({ slice }, row) => {
      const cell = slice ? null : model.cellAt(row, column)
      if (cell?.state !== 'forgot' || cell.change === null) return
      losses.count++
      const size = worstOf(model, row, column)
      if (size >= least) return
      least = size
      losses.worst = { row, column }
    })
  })
  return losses
}

/** "gsm8k −0.110 at sft"; empty without a loss. */
function worstWords(model: MatrixModel, { worst }: Losses): string {
  const [row, column] = worst ? [model.rows[worst.row], model.columns[worst.column]] : []
  const cell = worst && model.cellAt(worst.row, worst.column)
  if (!row || !column || !cell || cell.change === null) return ''
  const name = row.benchmark.name.charAt(0).toLowerCase() + row.benchmark.name.slice(1)
  return `${name} ${changeText(cell.change, cell, row.benchmark)} at ${columnName(column)}`
}

/** The answer of the retention page: what this path lost for certain, and what its siblings lost. */
export function retentionSentence(model: MatrixModel): { path: string; siblings: string | null } {
  const own = lossesOf(model, ['path'])
  const others = lossesOf(model, ['sibling'])
  const without = countCells(model, (cell) => cell.state === 'no_interval')
  const open = without > 0 ? ` (${without} ${without === 1 ? 'change has' : 'changes have'} no interval)` : ''
  return {
    path:
      own.count === 0
        ? `No score certainly lost on this path${open}`
        : `Certainly lost on this path: ${told(model, own)}${open}`,
    siblings: others.count === 0 ? null : told(model, others),
  }
}

const told = (model: MatrixModel, losses: Losses): string =>
  `${worstWords(model, losses)}${losses.count > 1 ? ` and ${losses.count - 1} more` : ''}`

/** The answer of the evaluations page: how many are certainly lost and gained, and the worst by name. */
export function evaluationsSentence(model: MatrixModel): string {
  const lost = lossesOf(model, ['set', 'path', 'sibling'])
  const gained = countCells(model, (cell) => cell.state === 'improved')
  const apart = countCells(model, (cell) => cell.state === 'not_comparable')
  const benchmarks = model.rows.filter((row) => !row.slice).length
  const parts = [
    `${model.columns.length} ${model.columns.length === 1 ? 'checkpoint' : 'checkpoints'} × ${benchmarks} ${benchmarks === 1 ? 'benchmark' : 'benchmarks'}`,
    lost.count === 0 ? 'nothing certainly lost' : `${lost.count} certainly lost, worst ${worstWords(model, lost)}`,
    gained > 0 ? `${gained} gained` : null,
    apart > 0 ? `${apart} cannot be compared` : null,
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

function countCells(model: MatrixModel, is: (cell: MatrixCell) => boolean): number {
  let count = 0
  model.rows.forEach((row, i) => {
    if (row.slice) return
    for (let column = 0; column < model.columns.length; column++) {
      const cell = model.cellAt(i, column)
      if (cell && is(cell)) count++
    }
  })
  return count
}

/** In place of the answer while only the columns in sight are read: counts of a part would be read as those of the whole. */
export function restWords({ columns }: Pick<MatrixModel, 'columns'>): string {
  const unread = columns.filter((column) => column === null).length
  return unread === 0 ? '' : `Reading ${unread} more ${unread === 1 ? 'checkpoint' : 'checkpoints'}`
}

/** What changes are told against, as a sentence says it. */
export function againstWords(baseline: Matrix['baseline'], chosen: string | null): string {
  if (baseline === 'parent') return "each stage's parent"
  if (baseline === 'root') return "the path's root"
  if (baseline === 'best') return 'the best ancestor of each benchmark'
  return chosen ?? 'the chosen checkpoint'
}

const NO_ERROR = 'no items and no standard error were given'

/** How the numbers were made: what they are compared with, tests, corrections, protocols, and what is not told. */
export function matrixNotes(model: MatrixModel, against: string): string[] {
  const protocols = new Set<NonNullable<MatrixCell['protocol']>>()
  let hasFurther = false
  let hasVariant = false
  const told = new Set<string>()
  model.columns.forEach((column, at) => {
    if (column && column.variant !== '') hasVariant = true
    for (let row = 0; row < model.rows.length; row++) {
      const cell = model.cellAt(row, at)
      if (!cell) continue
      if (cell.protocol) protocols.add(cell.protocol)
      if (cell.isFurtherBack) hasFurther = true
      if (cell.state === 'no_interval') told.add(cell.reason ?? NO_ERROR)
      else if (cell.low === null) told.add(NO_ERROR)
    }
  })
  const reasons = new Set([...told].map((reason) => reason.replace('no interval: ', '')))
  const harnesses = new Set(
    [...protocols].flatMap(({ fields: { harness, harness_version } }) =>
      harness ? (harness_version ? `${harness} ${harness_version}` : harness) : [],
    ),
  )
  const best = model.first.baseline === 'best'
  return [
    `Changes are new − old against ${against}, under the same protocol, paired on shared items where both have them; ▲ gained, ▼ lost after the benchmark's direction.`,
    'Certain: p < 0.05, adjusted (Benjamini–Hochberg) over what a stage should keep; targets and slices are not adjusted. 95 % intervals are over items, not over seeds.',
    ...(best
      ? ['The best of several ancestors is best partly by luck: a loss against it includes that selection effect.']
      : []),
    ...(hasFurther
      ? ['† against an earlier stage, since those between were not measured: not the doing of one stage.']
      : []),
    ...(hasVariant ? ['A variant, such as a best prompt, is compared with the checkpoint as it is.'] : []),
    ...(reasons.size > 0 ? [`No interval: ${[...reasons].slice(0, 3).join('; ')}.`] : []),
    ...(model.slicesLeftOut === null ? [] : [`No slices here: ${model.slicesLeftOut}.`]),
    `Harness: ${harnesses.size === 0 ? 'not named' : [...harnesses].slice(0, 6).join(', ')}. Each cell opens to its whole protocol.`,
  ]
}

/** True when some cell has a certain change: only then does hiding the rest make sense. */
export const hasCertain = (model: MatrixModel): boolean =>
  model.rows.some((_, i) => model.columns.some((__, at) => isCertain(model.cellAt(i, at))))
