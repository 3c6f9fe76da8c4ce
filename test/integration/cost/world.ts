/** Runs with a told past: attempts, checkpoints and held hardware at given hours, so that costs can be reckoned by hand. */
import { randomUUID } from 'node:crypto'
import { commitCheckpoint } from '#src/services/checkpoints/commit.ts'
import { tellAllocations } from '#src/services/cost/tell-allocations.ts'
import { putRun } from '#src/services/runs/put.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import type { Lab } from '#test/factories/lab.ts'

export const DAY = '2026-03-01'

/** An hour of that day and after, in RFC 3339. */
export const at = (hour: number, day = DAY): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + hour * 3_600_000).toISOString()

export interface PastRun {
  experiment: string
  /** Hours; each attempt resumes from the checkpoint at `fromStep`, or begins anew. */
  attempts: { from: number; to: number; fromStep?: number; reason?: 'finished' | 'killed' | 'failed' }[]
  checkpoints?: { step: number; hour: number; attempt?: number }[]
  state?: 'finished' | 'failed' | 'stopped' | 'running'
  device?: string
  kind?: 'gpu' | 'cpu'
  count?: number
  provider?: string
  run?: 'train' | 'evaluate'
  config?: Record<string, unknown>
  seed?: number
  /** False: it tells no hardware. */
  holds?: boolean
}

export interface Made {
  uid: string
  id: number
  number: number
  checkpoints: string[]
}

/** Makes a run as if it had been at work then. */
export async function makePastRun(lab: Lab, project: string, past: PastRun): Promise<Made> {
  const ctx = lab.key('ingest')
  const { sql } = lab.database
  const uid = randomUUID()
  const { run } = await putRun(ctx, {
    project,
    run: uid,
    kind: past.run ?? 'train',
    config: past.config ?? {},
    environment: {},
    tags: [],
    experiment: past.experiment,
    ...(past.seed !== undefined && { seed: past.seed }),
  })
  const [{ id }] = (await sql`select id from runs where uid = ${uid}`) as unknown as [{ id: number }]
  const checkpoints: string[] = []
  const idOf = new Map<number, number>()
  for (const [i, attempt] of past.attempts.entries()) {
    const number = i + 1
    await startAttempt(ctx, { run: uid })
    for (const saved of (past.checkpoints ?? []).filter((c) => (c.attempt ?? 1) === number)) {
      const { checkpoint } = await commitCheckpoint(ctx, {
        run: uid,
        attempt: number,
        step: saved.step,
        tokens: saved.step * 1000,
        files: [],
        location: `s3://weights/${randomUUID()}`,
        metadata: {},
      })
      checkpoints.push(checkpoint.id)
      const [row] = await sql<{ id: number }[]>`
        update checkpoints set created_at = ${at(saved.hour)} where uid = ${checkpoint.id} returning id`
      idOf.set(saved.step, row?.id ?? 0)
    }
    const fromId = attempt.fromStep === undefined ? null : (idOf.get(attempt.fromStep) ?? null)
    await sql`update attempts set created_at = ${at(attempt.from)}, started_at = ${at(attempt.from)}, ended_at = ${at(attempt.to)},
      end_reason = ${attempt.reason ?? 'finished'}, first_step = ${attempt.fromStep ?? 0}, from_checkpoint_id = ${fromId}
      where run_id = ${id} and number = ${number}`
  }
  const lastStep = Math.max(0, ...(past.checkpoints ?? []).map((c) => c.step))
  const last = past.attempts.at(-1)
  await sql`update runs set state = ${past.state ?? 'finished'}, last_step = ${lastStep}, started_at = ${at(past.attempts[0]?.from ?? 0)},
    ended_at = ${past.state === 'running' ? null : at(last?.to ?? 0)} where id = ${id}`
  if (past.holds !== false)
    await tellAllocations(ctx, {
      run: uid,
      replace: true,
      allocations: past.attempts.map((attempt, i) => ({
        attempt: i + 1,
        device_kind: past.kind ?? 'gpu',
        device_name: past.device ?? 'NVIDIA L4',
        count: past.count ?? 1,
        device_uuids: [],
        provider: past.provider ?? null,
        started_at: at(attempt.from),
        ended_at: at(attempt.to),
      })),
    })
  return { uid, id, number: run.number, checkpoints }
}
