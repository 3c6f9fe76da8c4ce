import type { Run } from '#src/protocol/runs.ts'

/** Seconds from the start to the end, or to the last contact of a run that has none; null before the start. */
export function runSeconds(run: Pick<Run, 'started_at' | 'ended_at' | 'last_contact_at'>): number | null {
  if (run.started_at === null) return null
  const end = run.ended_at ?? run.last_contact_at
  return end === null ? null : Math.max(0, (Date.parse(end) - Date.parse(run.started_at)) / 1000)
}
