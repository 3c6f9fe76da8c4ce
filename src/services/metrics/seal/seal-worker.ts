/** The thread that seals: packing takes a third of a core at full load, which the thread that answers requests does not have. */
import { parentPort, workerData } from 'node:worker_threads'
import { type DatabaseTarget, openClient } from '../../../db/clients.ts'
import type { SealOutcome } from '../seal-outcome.ts'
import type { KnownTail } from './known-tail.ts'
import type { SealLimits } from './limits.ts'
import { sealRun } from './seal-run.ts'

/** What the thread is started with. */
export interface SealWorkerData {
  target: DatabaseTarget
  limits: SealLimits
}

export interface SealRequest {
  id: number
  runId: number
  isForced: boolean
  known: KnownTail | null
}

export type SealAnswer = { id: number /** Memory that the request gave away. */; bytes: ArrayBuffer | null } & (
  | { outcome: SealOutcome | null }
  | { failure: { message: string; code: string | null; stack: string | null } }
)

/** Large blocks on a slow disk. */
const STATEMENT_MS_MAX = 120_000

const { target, limits } = workerData as SealWorkerData
const sql = openClient(target, { max: 2, name: 'descent seal', statementTimeoutMs: STATEMENT_MS_MAX })

parentPort?.on('message', ({ id, runId, isForced, known }: SealRequest) => {
  const bytes = known?.bytes ?? null
  const answer = (answer: SealAnswer) => parentPort?.postMessage(answer, bytes ? [bytes] : [])
  sealRun(sql, runId, { isForced, limits, ...(known && { known }) }).then(
    (outcome) => answer({ id, bytes, outcome }),
    (error: unknown) => answer({ id, bytes, failure: told(error) }),
  )
})

/** Errors lose their code on the way between threads. */
function told(error: unknown) {
  const { message, code, stack } = error as Partial<NodeJS.ErrnoException>
  return { message: message ?? String(error), code: code ?? null, stack: stack ?? null }
}
