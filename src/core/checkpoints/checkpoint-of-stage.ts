/** A checkpoint of a stage, as the choice needs it. */
export interface StageCheckpoint {
  id: number
  runId: number | null
  attempt: number | null
  step: number
  createdAtMs: number
}

export type CheckpointWhy = 'pinned' | 'children' | 'last'

/**
 * The checkpoint of a stage: the one a person pinned; else the one from which its children start (the newest, if several);
 * else the last of its newest finished run; for a base without runs its only one. Null while there is none.
 *
 * @param stage.childStarts ids of checkpoints that live edges of children name
 * @param stage.finishedRuns ids of finished training runs, newest first
 */
export function checkpointOfStage(stage: {
  pinned: number | null
  childStarts: readonly number[]
  finishedRuns: readonly number[]
  checkpoints: readonly StageCheckpoint[]
}): { id: number; why: CheckpointWhy } | null {
  const known = new Map(stage.checkpoints.map((c) => [c.id, c]))
  if (stage.pinned !== null && known.has(stage.pinned)) return { id: stage.pinned, why: 'pinned' }
  const started = newest(stage.childStarts.flatMap((id) => known.get(id) ?? []))
  if (started) return { id: started.id, why: 'children' }
  for (const run of stage.finishedRuns) {
    const last = latest(stage.checkpoints.filter((c) => c.runId === run))
    if (last) return { id: last.id, why: 'last' }
  }
  const only = newest(stage.checkpoints.filter((c) => c.runId === null))
  return only ? { id: only.id, why: 'last' } : null
}

const newest = (checkpoints: readonly StageCheckpoint[]): StageCheckpoint | undefined =>
  checkpoints.reduce<StageCheckpoint | undefined>(
    (best, c) =>
      !best || c.createdAtMs > best.createdAtMs || (c.createdAtMs === best.createdAtMs && c.id > best.id) ? c : best,
    undefined,
  )

/** The furthest step of the run's newest attempt that wrote it. */
const latest = (checkpoints: readonly StageCheckpoint[]): StageCheckpoint | undefined =>
  checkpoints.reduce<StageCheckpoint | undefined>(
    (best, c) =>
      !best || c.step > best.step || (c.step === best.step && (c.attempt ?? 0) > (best.attempt ?? 0)) ? c : best,
    undefined,
  )
