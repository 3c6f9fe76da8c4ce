import type { BenchmarkKind } from '../evaluations/benchmarks.ts'
import { isCovered, meanOf } from '../forgetting/coverage.ts'
import { NO_NUMBER, printChange, printScore, printWithHalf } from './print.ts'
import {
  type Family,
  type FamilyMean,
  familyMeans,
  type GridBenchmark,
  meanChange,
  type ScoreGrid,
  worstOf,
} from './score-grid.ts'
import type { PublishedCell, PublishedTable } from './table.ts'

export interface ScoreTableOptions {
  /** Of shares in points. */
  decimals: number
  /** Prints the half-width of each score beside it. */
  intervals: boolean
  /** Forgetting at the last stage by benchmark (positive is lost), against the best ancestor; null: cannot be told. Absent: no column. */
  lost?: readonly (number | null)[]
  /** A column with the change from this stage to the last one. */
  changeFrom?: number
}

export interface ScoreTable {
  table: PublishedTable
  footRows: number
  notes: string[]
}

/** What a family of benchmarks is called in a foot row. */
export const FAMILY_WORDS: Readonly<Record<BenchmarkKind, string>> = {
  accuracy: 'accuracies',
  rate: 'rates',
  loss: 'losses',
  elo: 'ratings',
  other: 'others',
}

const ONE: Readonly<Record<BenchmarkKind, string>> = {
  accuracy: 'accuracy',
  rate: 'rate',
  loss: 'loss',
  elo: 'rating',
  other: 'other',
}

/** "3 accuracies", "1 loss", "2 of 3 rates". */
export function familyCount({ kind, members }: Family, used: number): string {
  const of = used < members.length ? `${used} of ${members.length}` : String(used)
  return `${of} ${members.length === 1 ? ONE[kind] : FAMILY_WORDS[kind]}`
}

/**
 * Benchmarks down, stages across; below them per family of benchmarks its mean and, in the row after it, the benchmark that the mean
 * would hide. Accuracies, losses and rates are never averaged together, and a mean is not told below 0.8 coverage.
 */
export function scoreTable(grid: ScoreGrid, options: ScoreTableOptions): ScoreTable {
  const { decimals, lost, changeFrom } = options
  const last = grid.stages.length - 1
  const names = {
    change: changeFrom === undefined ? null : `change from ${grid.stages[changeFrom]?.name ?? ''}`,
    lost: lost ? `lost at ${grid.stages[last]?.name ?? ''} against the best ancestor` : null,
  }
  const columns = [
    { name: 'benchmark', align: 'left' as const },
    ...[...grid.stages.map(({ name }) => name), names.change, names.lost]
      .filter((name) => name !== null)
      .map((name) => ({ name, align: 'right' as const })),
  ]
  const most = Math.max(0, ...(lost ?? []).filter((v) => v !== null))
  const rows = grid.benchmarks.map((benchmark, i) => [
    { text: benchmark.name },
    ...grid.stages.map((_, s) => scoreCell(grid, i, s, options)),
    ...(changeFrom === undefined ? [] : [changeCell(grid, i, changeFrom, last, decimals)]),
    ...(lost ? [lostCell(benchmark, lost[i] ?? null, decimals, most)] : []),
  ])
  const means = familyMeans(grid).filter(({ family }) => family.members.length > 1)
  const feet = means.flatMap((mean) => footOf(grid, mean, means.length > 1, options))
  return { table: { columns, rows: [...rows, ...feet] }, footRows: feet.length, notes: notesOf(grid, means, lost) }
}

function scoreCell(grid: ScoreGrid, i: number, s: number, { decimals, intervals }: ScoreTableOptions): PublishedCell {
  const score = grid.scores[i]?.[s]
  const { kind } = grid.benchmarks[i] as GridBenchmark
  if (!score) return { text: NO_NUMBER.measured }
  const printed = printScore(score.value, kind, decimals)
  const usual = grid.scores[i]?.findLast((other) => other !== null)?.protocol
  const text = intervals ? printWithHalf(printed, score.half, kind, decimals) : printed
  return { text: score.protocol === usual ? text : `≠ ${text}` }
}

function changeCell(grid: ScoreGrid, i: number, from: number, to: number, decimals: number): PublishedCell {
  const [a, b] = [grid.scores[i]?.[from], grid.scores[i]?.[to]]
  if (!a || !b) return { text: a ? NO_NUMBER.measured : NO_NUMBER.baseline }
  if (a.protocol !== b.protocol) return { text: NO_NUMBER.compared }
  return { text: printChange(b.value - a.value, (grid.benchmarks[i] as GridBenchmark).kind, decimals) }
}

function lostCell({ kind }: GridBenchmark, lost: number | null, decimals: number, most: number): PublishedCell {
  if (lost === null) return { text: NO_NUMBER.baseline }
  const text = printScore(lost, kind, decimals)
  return lost === most && most > 0 ? { text, strong: true } : { text }
}

function footOf(grid: ScoreGrid, mean: FamilyMean, isNamed: boolean, options: ScoreTableOptions): PublishedCell[][] {
  const { family, used, means } = mean
  const { decimals, lost, changeFrom } = options
  const last = grid.stages.length - 1
  const word = isNamed ? `, ${FAMILY_WORDS[family.kind]}` : ''
  const count = used.length < family.members.length ? `${used.length} of ${family.members.length}` : used.length
  // A mean moves less than its members: it gets a decimal more where it is a difference.
  const finer = decimals + 1
  const difference = (value: number | null, print: typeof printScore) => ({
    text: value === null ? NO_NUMBER.compared : print(value, family.kind, finer),
  })
  const change = changeFrom === undefined ? null : meanChange(grid, family, changeFrom, last)
  return [
    [
      { text: `average${word} (${count})` },
      ...means.map((v) => ({ text: v === null ? NO_NUMBER.compared : printScore(v, family.kind, decimals) })),
      ...(changeFrom === undefined ? [] : [difference(change, printChange)]),
      ...(lost ? [difference(meanLost(mean, lost), printScore)] : []),
    ],
    [
      { text: `worst${word}` },
      ...grid.stages.map((_, s) => worstCell(grid, mean, s, decimals)),
      ...(changeFrom === undefined ? [] : [worstChange(grid, mean, changeFrom, last, decimals)]),
      ...(lost ? [worstLost(grid, mean, lost, decimals)] : []),
    ],
  ]
}

const meanLost = ({ family }: FamilyMean, lost: readonly (number | null)[]): number | null => {
  const known = family.members.flatMap((i) => lost[i] ?? [])
  return isCovered(known.length, family.members.length) ? meanOf(known) : null
}

function worstCell(grid: ScoreGrid, { family }: FamilyMean, stage: number, decimals: number): PublishedCell {
  const worst = worstOf(grid, family, stage)
  if (!worst) return { text: stage === 0 ? '–' : NO_NUMBER.compared }
  return { text: `${grid.benchmarks[worst.benchmark]?.name} ${printChange(worst.change, family.kind, decimals)}` }
}

function worstChange(grid: ScoreGrid, mean: FamilyMean, from: number, to: number, decimals: number): PublishedCell {
  const pair = { ...grid, stages: [], scores: grid.scores.map((row) => [row[from] ?? null, row[to] ?? null]) }
  return worstCell(pair, mean, 1, decimals)
}

function worstLost(
  grid: ScoreGrid,
  { family }: FamilyMean,
  lost: readonly (number | null)[],
  decimals: number,
): PublishedCell {
  const known = family.members.filter((i) => lost[i] !== null && lost[i] !== undefined)
  const [worst] = known.sort((a, b) => (lost[b] ?? 0) - (lost[a] ?? 0))
  if (worst === undefined) return { text: NO_NUMBER.baseline }
  return { text: `${grid.benchmarks[worst]?.name} ${printScore(lost[worst] ?? 0, family.kind, decimals)}` }
}

function notesOf(grid: ScoreGrid, means: readonly FamilyMean[], lost: ScoreTableOptions['lost']): string[] {
  const notes: string[] = []
  const other = grid.benchmarks.filter((_, i) => {
    const measured = (grid.scores[i] ?? []).filter((score) => score !== null)
    return new Set(measured.map((score) => score.protocol)).size > 1
  })
  if (other.length > 0)
    notes.push(
      `≠ was measured under another protocol than the last score of its row and is compared with none of them: ${namesOf(other)}.`,
    )
  const left = means.flatMap(({ family, used }) => family.members.filter((i) => !used.includes(i)))
  if (left.length > 0)
    notes.push(
      `Means are over benchmarks that all stages share under one protocol, without ${namesOf(left.map((i) => grid.benchmarks[i] as GridBenchmark))}.`,
    )
  if (means.length > 1) notes.push('Accuracies, losses and rates are averaged apart.')
  if (grid.stages.length > 1 && means.length > 0) notes.push('Worst: against the best earlier stage.')
  if (lost && means.length > 0)
    notes.push(`Lost: best ancestor − own, positive is lost. ${means.map((mean) => lostWords(mean, lost)).join('. ')}.`)
  return notes
}

const namesOf = (benchmarks: readonly GridBenchmark[]): string => benchmarks.map(({ name }) => name).join(', ')

/** The mean of F in words: signed, since clipping at zero would turn noise into forgetting; the clipped one beside it. */
function lostWords({ family }: FamilyMean, lost: readonly (number | null)[]): string {
  const known = family.members.flatMap((i) => lost[i] ?? [])
  const print = (values: readonly number[]) => printScore(meanOf(values) ?? 0, family.kind, 2)
  const count = known.filter((value) => value > 1e-9).length
  const word = FAMILY_WORDS[family.kind]
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}: mean signed ${print(known)}, mean of losses only ${print(known.map((v) => Math.max(0, v)))}, ${count} of ${known.length} lost`
}

/**
 * The answer of a table in one sentence: how the mean of its largest family went from the first stage to the last, beside the benchmark
 * that it would hide. Null where no mean can be told.
 */
export function scoreSentence(grid: ScoreGrid, decimals: number): string | null {
  const mean = familyMeans(grid).find(({ family, means }) => family.members.length > 1 && means[0] !== null)
  const last = grid.stages.length - 1
  if (!mean || last < 1) return null
  const { family, means } = mean
  const [from, to] = [means[0], means[last]].map((v) => printScore(v ?? 0, family.kind, decimals))
  return `Average of ${mean.used.length} ${FAMILY_WORDS[family.kind]} ${from} → ${to}; worst: ${worstCell(grid, mean, last, decimals).text}`
}
