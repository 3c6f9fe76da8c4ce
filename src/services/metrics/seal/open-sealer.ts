import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { DatabaseTarget, Sql } from '../../../db/clients.ts'
import type { Log } from '../../context.ts'
import type { SealOutcome } from '../seal-outcome.ts'
import { type KnownTail, reuse } from './known-tail.ts'
import type { SealLimits } from './limits.ts'
import { sealRun } from './seal-run.ts'
import type { SealAnswer, SealRequest, SealWorkerData } from './seal-worker.ts'

/** Seals runs somewhere. */
export interface Sealer {
  /**
   * Seals a run; null when there was nothing to do.
   *
   * @param known batches whose bytes lie in memory; given away
   * @throws whatever the seal threw; it may have been committed all the same
   */
  seal(runId: number, isForced: boolean, known: KnownTail | null): Promise<SealOutcome | null>
  close(): Promise<void>
}

const RESTART_MS = 100
const RESTART_MS_MAX = 10_000
/** How long the end waits for a seal under way; it is whole or not at all in any case. */
const CLOSE_MS_MAX = 10_000

/** Seals in this thread, on the store's own connections. */
export function openInlineSealer(sql: Sql, limits: SealLimits): Sealer {
  return {
    seal: (runId, isForced, known) => sealRun(sql, runId, { isForced, limits, ...(known && { known }) }),
    close: async () => {},
  }
}

/** Seals in a thread of its own, which is started with the first seal and again after it died. */
export function openWorkerSealer(target: DatabaseTarget, limits: SealLimits, log: Log): Sealer {
  const waiting = new Map<number, { resolve: (outcome: SealOutcome | null) => void; reject: (error: Error) => void }>()
  let worker: Worker | null = null
  let jobs = 0
  let deaths = 0
  let restartAtMs = 0
  let isClosing = false

  function start(): Worker {
    const started = new Worker(workerUrl(), {
      workerData: { target, limits } satisfies SealWorkerData,
      name: 'seal',
      execArgv: [],
    })
    started.unref()
    started.on('message', take)
    started.on('error', (error) => died(started, error))
    started.on('exit', () => died(started, new Error('The thread that seals has ended.')))
    return started
  }

  function take(answer: SealAnswer): void {
    const job = waiting.get(answer.id)
    waiting.delete(answer.id)
    deaths = 0
    if (answer.bytes) reuse(answer.bytes)
    if ('failure' in answer) {
      const { message, code, stack } = answer.failure
      job?.reject(Object.assign(new Error(message), { ...(code && { code }), ...(stack && { stack }) }))
    } else job?.resolve(answer.outcome && revived(answer.outcome))
  }

  function died(which: Worker, error: Error): void {
    if (which !== worker) return
    worker = null
    const pauseMs = Math.min(RESTART_MS * 2 ** deaths++, RESTART_MS_MAX)
    restartAtMs = Date.now() + pauseMs
    if (!isClosing) log.error({ err: error }, `The thread that seals metrics died; it starts again in ${pauseMs} ms.`)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  return {
    async seal(runId, isForced, known) {
      const waitMs = restartAtMs - Date.now()
      if (!worker && waitMs > 0) await pause(waitMs)
      if (isClosing) throw new Error('The server is shutting down.')
      worker ??= start()
      const id = ++jobs
      const outcome = new Promise<SealOutcome | null>((resolve, reject) => waiting.set(id, { resolve, reject }))
      worker.postMessage({ id, runId, isForced, known } satisfies SealRequest, known ? [known.bytes] : [])
      return outcome
    },
    async close() {
      isClosing = true
      const deadline = Date.now() + CLOSE_MS_MAX
      while (waiting.size > 0 && Date.now() < deadline) await pause(20)
      await worker?.terminate()
    },
  }
}

/** Beside this file: its bundle in a build; in development and tests its source, which tsx must be told of in each thread. */
function workerUrl(): URL {
  const here = import.meta.url
  if (!here.endsWith('.ts')) return new URL('./seal-worker.mjs', here)
  const tsx = import.meta.resolve('tsx/esm/api')
  const source = new URL('./seal-worker.ts', here).href
  const start = `import { register } from '${tsx}'; register(); await import('${source}')`
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`)
}

/** Buffers arrive from another thread as plain bytes. */
function revived(outcome: SealOutcome): SealOutcome {
  const carried = outcome.carried.map((row) => {
    const { buffer, byteOffset, byteLength } = row.data as Uint8Array
    return { ...row, data: Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength) }
  })
  return { ...outcome, carried }
}
