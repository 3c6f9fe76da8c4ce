import type { Change } from '#src/protocol/evaluations.ts'
import { changeGroups } from './change-words.ts'

/** The changes that a run is summed up by, at most three: the target that moved most, then the worst of what should be kept. */
export function headlineChanges(changes: readonly Change[]): Change[] {
  const { target, kept, drift } = changeGroups(changes.filter((change) => change.value !== null))
  const bySize = [...target].sort((a, b) => Math.abs(b.utility ?? 0) - Math.abs(a.utility ?? 0))
  return [...bySize.slice(0, 1), ...kept.slice(0, 1), ...drift.slice(0, 1), ...kept.slice(1, 2)].slice(0, 3)
}
