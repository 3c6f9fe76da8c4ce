/** What stands in a comparison, by the names that links and programs use. */

/** So many columns one comparison holds at most. */
export const ENTRIES_MAX = 20

export const ENTRY_KINDS = ['run', 'checkpoint', 'stage'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** A run or a checkpoint by its outside id; a stage by its project and its number or slug. */
export type EntryName =
  | { kind: 'run'; uid: string }
  | { kind: 'checkpoint'; uid: string }
  | { kind: 'stage'; project: string; stage: string }

/** What an entry's name looks like. */
export const ENTRY_PATTERN =
  /^(?:(?:run|checkpoint):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|stage:[a-z0-9-]{1,64}:[a-z0-9-]{1,64})$/

/** "run:0192…", "checkpoint:0192…", "stage:my-model:3". */
export const entryText = (entry: EntryName): string =>
  entry.kind === 'stage' ? `stage:${entry.project}:${entry.stage}` : `${entry.kind}:${entry.uid}`

/** Reads what `entryText` writes; null for anything else. */
export function readEntry(text: string): EntryName | null {
  if (!ENTRY_PATTERN.test(text)) return null
  const [kind, second = '', third = ''] = text.split(':')
  if (kind === 'stage') return { kind, project: second, stage: third }
  return kind === 'run' || kind === 'checkpoint' ? { kind, uid: second } : null
}
