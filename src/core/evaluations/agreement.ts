/** How far two raters agree: raw, by chance, and beyond chance. */
export interface Agreement {
  observed: number
  expected: number
  /** Cohen's κ = (p_o − p_e)/(1 − p_e); null when chance alone agrees always. */
  kappa: number | null
}

/**
 * Agreement of two raters over the same cases (Cohen 1960). A κ near 0.45 is usual for preferences: InstructGPT's raters agreed on 72.6 %
 * of balanced two-way choices (arXiv 2203.02155).
 *
 * @param table counts, rows by the first rater's verdict, columns by the second's
 * @throws RangeError when it is not square or holds no case
 */
export function agreement(table: readonly (readonly number[])[]): Agreement {
  const ragged = table.findIndex((row) => row.length !== table.length)
  if (ragged >= 0)
    throw new RangeError(`table.${ragged} has ${table[ragged]?.length} columns; a square table has ${table.length}.`)
  const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0)
  const rows = table.map(sum)
  const columns = table.map((_, c) => sum(table.map((row) => row[c] ?? 0)))
  const n = sum(rows)
  if (n === 0) throw new RangeError('table holds no case; give counts of cases that both raters judged.')
  const observed = sum(table.map((row, i) => row[i] ?? 0)) / n
  const expected = sum(rows.map((row, i) => row * (columns[i] ?? 0))) / n ** 2
  return { observed, expected, kappa: expected === 1 ? null : (observed - expected) / (1 - expected) }
}
