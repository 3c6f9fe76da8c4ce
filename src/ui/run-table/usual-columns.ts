import { fieldText } from '#src/core/search/field.ts'
import type { ChosenColumn } from './column-list.ts'

/** The columns of a view that names none: what every run has, and the loss under the name by which most runs log it. */
export function usualColumns(lossKeys: readonly (string | null | undefined)[]): ChosenColumn[] {
  const counts = new Map<string, number>()
  for (const key of lossKeys) if (key) counts.set(key, (counts.get(key) ?? 0) + 1)
  const key = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'loss'
  const fields = [
    'stage',
    'state',
    'created',
    'tokens',
    fieldText({ kind: 'metric', key, reading: 'last' }),
    fieldText({ kind: 'metric', key, reading: 'min' }),
    'cost',
    'duration',
    'agent',
  ]
  return fields.map((field) => ({ field, isPinned: false, width: null }))
}
