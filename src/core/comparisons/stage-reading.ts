/** What a stage gained and lost against a baseline, in one line. */

export interface ReadChange {
  name: string
  isTarget: boolean
  /** Orientation × change: negative is worse; null: nothing to subtract. */
  utility: number | null
  reading: 'gained' | 'lost' | 'no_difference_found' | 'no_interval' | 'not_comparable' | 'missing_baseline'
  /** In multiples of what may be lost, to order losses of different units. */
  severity: number
}

export interface StageReading {
  title: string
  gained: number
  lost: number
  /** Compared, and the data cannot tell. */
  unclear: number
  /** Not compared at all. */
  apart: number
}

/** "Task gained, format lost": the best proven gain, of targets first, and the worst proven loss. */
export function stageReading(changes: readonly ReadChange[]): StageReading {
  const gains = changes
    .filter((c) => c.reading === 'gained')
    .sort((a, b) => Number(b.isTarget) - Number(a.isTarget) || b.severity - a.severity)
  const losses = changes.filter((c) => c.reading === 'lost').sort((a, b) => a.severity - b.severity)
  const compared = changes.filter((c) => c.utility !== null)
  const target = changes.find((c) => c.isTarget)
  const gain = gains[0]
    ? `${gains[0].name} gained`
    : target?.utility != null
      ? `no proven gain of ${target.name}`
      : 'no proven gain'
  const loss = losses[0] ? `${losses[0].name} lost` : 'no proven loss'
  return {
    title: compared.length === 0 ? 'nothing can be compared' : `${gain}, ${loss}`,
    gained: gains.length,
    lost: losses.length,
    unclear: compared.length - gains.length - losses.length,
    apart: changes.length - compared.length,
  }
}

/** True when a benchmark tells stages apart: a proven change, one without an interval, or one that cannot be compared. */
export const tellsApart = (changes: readonly (ReadChange | null)[]): boolean =>
  changes.some(
    (c) => c !== null && c.reading !== 'no_difference_found' && !(c.reading === 'no_interval' && c.utility === 0),
  )
