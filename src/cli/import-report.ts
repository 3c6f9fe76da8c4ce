/** What an import did, for people and as JSON. */

export interface WrittenScore {
  record: string
  benchmark: string
  score: number
  stderr: number | null
  n: number | null
  items: number
  /** Why it has no items although there are samples; null when there were none or they are attached. */
  why: string | null
}

export interface FileReport {
  file: string
  model: string | null
  /** Where its scores went; null when it leads to no checkpoint. */
  checkpoint: string | null
  /** Why it leads nowhere. */
  unplaced: string | null
  written: WrittenScore[]
  /** Scores that were there already. */
  known: number
  skipped: { record: string; reason: string }[]
  /** Columns that mean nothing here. */
  ignored: string[]
}

export const emptyReport = (file: string, model: string | null): FileReport => ({
  file,
  model,
  checkpoint: null,
  unplaced: null,
  written: [],
  known: 0,
  skipped: [],
  ignored: [],
})

/** Skipped records that are named one by one; more are counted. */
const SKIPPED_TOLD = 20

/** The lines that are printed of one file. */
export function tellReport(report: FileReport, dryRun: boolean): string[] {
  const { file, checkpoint, written, known, skipped, ignored, unplaced } = report
  if (unplaced !== null) return [`${file}: not imported. ${unplaced}`]
  const scores = count(written.length, 'score')
  const withItems = written.filter((w) => w.items > 0).length
  const parts = [
    `${scores} ${dryRun ? 'would be written' : 'written'}${withItems > 0 ? ` (${withItems} with items)` : ''} to ${checkpoint}`,
    ...(known > 0 ? [`${known} ${known === 1 ? 'was' : 'were'} there already`] : []),
    ...(skipped.length > 0 ? [`${count(skipped.length, 'record')} skipped`] : []),
  ]
  return [
    `${file}: ${parts.join('; ')}.`,
    ...(ignored.length > 0 ? [`  ignored columns: ${ignored.join(', ')}`] : []),
    ...(dryRun ? written.map(scoreLine) : []),
    ...written.flatMap((w) => (w.why === null ? [] : [`  without items: ${w.record}: ${w.why}`])),
    ...skipped.slice(0, SKIPPED_TOLD).map(({ record, reason }) => `  skipped: ${record} ${reason}`),
    ...(skipped.length > SKIPPED_TOLD ? [`  and ${skipped.length - SKIPPED_TOLD} more.`] : []),
  ]
}

function scoreLine({ record, benchmark, score, stderr, n, items }: WrittenScore): string {
  const error = stderr === null ? 'no standard error' : `± ${stderr}`
  return `  ${benchmark}: ${score} (${error}, ${n === null ? 'n is missing' : `n ${n}`}, ${count(items, 'item')}) from ${record}`
}

const count = (n: number, word: string): string => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`
