import type { EntryKind } from '#src/core/comparisons/entries.ts'
import { comparisonEntries } from '#src/db/schema/comparisons.ts'
import type { Scope } from '#src/db/scope.ts'
import type { Handle } from '../handle.ts'

/** What an entry names, by its id inside. */
export interface NewEntry {
  kind: EntryKind
  id: number
  isBaseline: boolean
}

/** Puts entries into a comparison that has none, in their order. */
export async function insertEntries(
  db: Handle,
  scope: Scope,
  comparisonId: number,
  entries: readonly NewEntry[],
): Promise<void> {
  if (entries.length === 0) return
  await db.insert(comparisonEntries).values(
    entries.map(({ kind, id, isBaseline }, position) => ({
      workspaceId: scope.workspaceId,
      comparisonId,
      position,
      kind,
      experimentId: kind === 'stage' ? id : null,
      runId: kind === 'run' ? id : null,
      checkpointId: kind === 'checkpoint' ? id : null,
      isBaseline,
    })),
  )
}
