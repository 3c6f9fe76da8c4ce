import type { TableDifference } from '#src/core/publish/table-differences.ts'

/** "MMLU, DPO: pasted 68.9, here 68.7", "the row PopQA is only in the pasted table". */
export function differenceWords(difference: TableDifference): string {
  if (difference.kind === 'cell') {
    const { row, column, pasted, here } = difference
    return `${row}, ${column}: pasted ${pasted || 'nothing'}, here ${here || 'nothing'}`
  }
  const { kind, what, name } = difference
  return `the ${what} ${name || 'without a name'} is only ${kind === 'only_pasted' ? 'in the pasted table' : 'here'}`
}
