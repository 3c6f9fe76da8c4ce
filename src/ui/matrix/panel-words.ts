/** What the open cell says in words, and as Markdown. Pure. */

import type { FlipKind } from '#src/core/evaluations/matrix-kinds.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import { escapeText } from '#src/core/publish/markdown.ts'
import type { MatrixCellDetail, MatrixItems, MatrixSide } from '#src/protocol/matrix.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { sliceName, stateWord } from './matrix-words.ts'

export const FLIP_WORDS: Readonly<Record<FlipKind, string>> = {
  lost: 'Lost',
  gained: 'Gained',
  kept_right: 'Kept right',
  kept_wrong: 'Kept wrong',
}

/** "p < 0.0001", "p 0.032". */
export const pText = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p ${formatNumber(p, p < 0.01 ? 4 : 3)}`)

export const sideName = (side: Pick<MatrixSide, 'experiment'>): string => side.experiment.name

const numbers = (cell: MatrixCellDetail) => {
  const digits = digitsOf(cell.benchmark, cell.after.score)
  return {
    score: (value: number) => formatNumber(value, digits),
    change: (value: number) => formatChange(value, digits),
  }
}

/** "sft_replay → task_full, same protocol, n 48". */
export function pairText({ before, after, differing, reason, stages_back }: MatrixCellDetail): string {
  if (!before) return `${sideName(after)}, ${reason ?? 'nothing to compare with'}`
  const protocol = differing.length > 0 || reason?.startsWith('another') ? 'another protocol' : 'same protocol'
  const far = (stages_back ?? 1) > 1 ? `, ${stages_back} stages back` : ''
  const n = after.n === null ? `n ${after.n_missing ?? 'not given'}` : `n ${formatExactCount(after.n)}`
  return `${sideName(before)} → ${sideName(after)}${far}, ${protocol}, ${n}`
}

/** "0.854 → 0.000". */
export function scoresText(cell: MatrixCellDetail): string {
  const { score } = numbers(cell)
  return cell.before ? `${score(cell.before.score)} → ${score(cell.after.score)}` : score(cell.after.score)
}

export const changeTextOf = (cell: MatrixCellDetail): string | null =>
  cell.change === null ? null : numbers(cell).change(cell.change)

export function intervalTextOf(cell: MatrixCellDetail): string | null {
  if (cell.change_low === null || cell.change_high === null) return null
  const { benchmark, after, change_low: low, change_high: high } = cell
  const digits = Math.max(0, digitsOf(benchmark, after.score) - (benchmark.kind === 'loss' ? 0 : 1))
  // The interval of the change of a share may reach beyond what a share can change by; printed it ends there.
  const isShare = benchmark.kind === 'accuracy' || benchmark.kind === 'rate'
  const most = isShare ? (after.score > 1.0001 || (benchmark.best ?? 0) > 1 ? 100 : 1) : Number.POSITIVE_INFINITY
  return `95 % ${formatChange(Math.max(-most, low), digits)} to ${formatChange(Math.min(most, high), digits)}`
}

/** How the difference was tested, in one line. */
export function testText(cell: MatrixCellDetail): string {
  if (cell.change === null) return cell.reason ?? 'nothing to compare with'
  const p = cell.p === null ? null : pText(cell.p)
  const adjusted =
    cell.p_adjusted === null || cell.family < 2
      ? null
      : `${pText(cell.p_adjusted)} adjusted over ${cell.family} benchmarks`
  return [cell.method, p, adjusted].filter((part) => part !== null && part !== '').join('; ')
}

/** What the state says: a loss below the margin, or a size that could not have been seen. */
export function readingText(cell: MatrixCellDetail): string {
  const { score } = numbers(cell)
  const word = stateWord(cell.state)
  if (cell.state === 'forgot')
    return [word, cell.severe ? 'severe' : null, cell.below_margin ? 'below the margin' : null]
      .filter((part) => part !== null)
      .join(', ')
  if (cell.state !== 'inconclusive' || cell.detectable === null || cell.change === null) return word
  return Math.abs(cell.change) < cell.detectable
    ? `${word}: so many items show a change of ${score(cell.detectable)} or more in four of five cases`
    : word
}

/** The budget and how much of it was used; null where none is set. */
export function budgetText(cell: MatrixCellDetail): string | null {
  if (cell.tolerance === null) return null
  const { score } = numbers(cell)
  const utility = cell.change === null ? null : (cell.benchmark.higher_is_better ? cell.change : -cell.change) || 0
  const share = utility === null || utility >= 0 || cell.tolerance === 0 ? null : -utility / cell.tolerance
  const word =
    cell.budget === 'fail'
      ? 'certainly beyond'
      : cell.budget === 'pass'
        ? 'within'
        : cell.budget === 'warn'
          ? 'cannot be told'
          : 'no change to judge'
  return `may lose ${score(cell.tolerance)}; ${word}${share === null ? '' : `, the loss is ${share >= 10 ? Math.round(share) : formatNumber(share, 1)} times that`}`
}

/** A protocol in short rows: field and value, the ones that say most first. */
export function protocolRows(side: MatrixSide): { term: string; value: string }[] {
  const { harness, harness_version, ...fields } = side.protocol
  const told = { harness: [harness, harness_version].filter(Boolean).join(' ') || undefined, ...fields }
  return Object.entries(told)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([field, value]) => ({ term: field.replaceAll('_', ' '), value: String(value) }))
}

/** The open cell with one item, for an issue or a chat. */
export function panelMarkdown(
  cell: MatrixCellDetail,
  flip: FlipKind,
  items: { item: MatrixItems['items'][number]; names: readonly string[]; place: string } | null,
  link: string,
): string {
  const lines = [
    `**${escapeText(cell.benchmark.name)}**: ${escapeText(pairText(cell))}`,
    '',
    `${[changeTextOf(cell), intervalTextOf(cell) && `(${intervalTextOf(cell)})`, scoresText(cell)].filter(Boolean).join(' ')}; ${readingText(cell)}`,
    '',
    `- Test: ${escapeText(testText(cell))}`,
    ...(budgetText(cell) === null ? [] : [`- Budget: ${budgetText(cell)}`]),
    ...(cell.flips === null
      ? []
      : [
          `- Items: ${cell.flips.lost} lost, ${cell.flips.gained} gained, ${cell.flips.kept_right} kept right, ${cell.flips.kept_wrong} kept wrong`,
        ]),
    ...cell.slices.map(
      (slice) =>
        `- ${escapeText(sliceName(slice))}: ${slice.before === null ? '–' : numbers(cell).score(slice.before)} → ${numbers(cell).score(slice.after)}, n ${slice.n}`,
    ),
  ]
  if (items)
    lines.push(
      '',
      `${FLIP_WORDS[flip]} ${items.place}: ${escapeText(items.item.prompt ?? items.item.id)}`,
      '',
      ...(items.item.expected === null ? [] : [`- expected: ${code(items.item.expected)}`]),
      ...items.item.answers.flatMap((answer, i) =>
        answer
          ? [
              `- ${escapeText(items.names[i] ?? '')} (${verdictWord(answer.score)}): ${code(answer.output ?? 'not kept')}`,
            ]
          : [],
      ),
    )
  return [...lines, '', link, ''].join('\n')
}

/** Right, wrong, or the score between. */
export const verdictWord = (score: number | null): string =>
  score === null ? 'not judged' : score === 1 ? 'right' : score === 0 ? 'wrong' : formatNumber(score)

const code = (text: string): string => {
  const line = text.replaceAll(/\s*\n\s*/g, ' ⏎ ')
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)))
  return `${fence} ${line} ${fence}`
}
