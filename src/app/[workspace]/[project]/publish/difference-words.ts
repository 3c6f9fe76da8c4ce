import type { TableDifference } from '#src/core/publish/table-differences.ts'

/** "MMLU, DPO: pasted 68.9, here 68.7", "the row PopQA is only in the pasted table". */
export function differenceWords(difference: TableDifference, then = 'pasted', now = 'here'): string {
  if (difference.kind === 'cell') {
    const { row, column, pasted, here } = difference
    return `${row}, ${column}: ${then} ${pasted || 'nothing'}, ${now} ${here || 'nothing'}`
  }
  const { kind, what, name } = difference
  const where = (side: string) => (side === 'here' ? 'here' : `in the ${side} table`)
  return `the ${what} ${name || 'without a name'} is only ${where(kind === 'only_pasted' ? then : now)}`
}
