import type { Run } from '#src/protocol/runs.ts'

/** Who made a run: "key nightly", "Ada", else the machine's word. */
export function byWords(run: Pick<Run, 'created_by' | 'created_by_name'>): string {
  if (!run.created_by_name) return run.created_by
  return run.created_by.startsWith('key:') ? `key ${run.created_by_name}` : run.created_by_name
}
