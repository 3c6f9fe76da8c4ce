import type { ChartGrouping } from '#src/protocol/chart.ts'

/** How the runs of a group were drawn together. */
export type GroupShape = Pick<ChartGrouping, 'center' | 'band'>

/** What the band around a group's line is; empty without one. */
export const BAND_WORDS: Readonly<Record<GroupShape['band'], string>> = {
  none: '',
  min_max: 'min to max',
  sd: '± 1 SD',
  se: '± 1 SE',
  ci95: '95 % CI',
}

/** "mean of 5 runs, 95 % CI"; "median of 3 to 5 runs, 95 % CI of the mean": spread describes the mean whatever is drawn. */
export function groupWords({ center, band }: GroupShape, runs: readonly number[]): string {
  const [least, most] = [Math.min(...runs), Math.max(...runs)]
  const count = least === most ? `${most} ${most === 1 ? 'run' : 'runs'}` : `${least} to ${most} runs`
  return [`${center} of ${count}`, bandWords({ center, band })].filter((part) => part !== '').join(', ')
}

/** The band in words, with what it describes where that is not the line. */
export function bandWords({ center, band }: GroupShape): string {
  const ofMean = center === 'median' && (band === 'sd' || band === 'se' || band === 'ci95')
  return `${BAND_WORDS[band]}${ofMean ? ' of the mean' : ''}`
}

/** The heads of a CSV with group lines: what each column is. */
export const groupHeads = ({ center, band }: GroupShape): string[] => [
  center,
  band === 'none' ? 'low' : `${band === 'min_max' ? 'min' : `mean_minus_${band}`}`,
  band === 'none' ? 'high' : `${band === 'min_max' ? 'max' : `mean_plus_${band}`}`,
  'n_runs',
]
