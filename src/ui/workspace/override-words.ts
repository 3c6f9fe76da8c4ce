import type { LookOverride } from '#src/core/layouts/layout.ts'
import { readingValue, xWord } from '#src/ui/charts/axis-words.ts'

/** What something is looked at by of its own, in a few words: "log y, not smoothed". */
export function overrideWords(look: LookOverride): string {
  const words: string[] = []
  if (look.x !== undefined) words.push(`over ${xWord({ axis: look.x, xMetric: look.xMetric ?? null })}`)
  if (look.logX !== undefined) words.push(`${look.logX ? 'log' : 'linear'} x`)
  if (look.logY !== undefined) words.push(`${look.logY ? 'log' : 'linear'} y`)
  if (look.smoothing !== undefined) words.push(look.smoothing ? `smoothed ${look.smoothing.amount}` : 'not smoothed')
  if (look.outliers !== undefined) words.push(look.outliers ? 'with outliers' : 'without outliers')
  if ((look.yMin ?? null) !== null || (look.yMax ?? null) !== null)
    words.push(
      `y ${look.yMin == null ? '' : `from ${readingValue(look.yMin)}`}${look.yMin != null && look.yMax != null ? ' ' : ''}${look.yMax == null ? '' : `to ${readingValue(look.yMax)}`}`,
    )
  else if (look.yMin !== undefined || look.yMax !== undefined) words.push('y as the data')
  if (look.group !== undefined) words.push(look.group ? 'grouped' : 'each run a line')
  if (look.members !== undefined) words.push(look.members ? 'with members' : 'without members')
  if (look.superseded !== undefined) words.push(look.superseded ? 'with superseded steps' : 'no superseded steps')
  return words.join(', ')
}
