import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '#src/services/errors.ts'

/** Why a server is not ready, in one word. */
export type NotReady = 'starting' | 'draining' | 'database' | 'schema' | 'disk'

export const PING_MS_MAX = 1_000
/** Below this the volume of the data folder counts as full. */
export const DISK_BYTES_MIN = 100 * 1024 * 1024

export interface HealthChecks {
  isAvailable(): boolean
  ping(): Promise<unknown>
  isSchemaCurrent(): Promise<boolean>
  freeBytes(): Promise<number>
}

export interface Health {
  /** Why the doors are shut at the moment, or null. Cheap: asked at every request. */
  closed(): Refusal | null
  /** Null when ready. */
  whyNotReady(): Promise<NotReady | null>
  answerAlive(response: ServerResponse): void
  answerReady(response: ServerResponse): void
  begin(checks: HealthChecks): void
  drain(): void
}

/** What is asked of the process from outside: is it alive, may it get traffic. */
export function createHealth(): Health {
  let checks: HealthChecks | null = null
  let draining = false

  const whyNotReady = async (): Promise<NotReady | null> => {
    if (draining) return 'draining'
    if (!checks) return 'starting'
    if (!checks.isAvailable()) return 'database'
    try {
      await within(PING_MS_MAX, checks.ping())
    } catch {
      return 'database'
    }
    if (!(await within(PING_MS_MAX, checks.isSchemaCurrent()).catch(() => false))) return 'schema'
    if ((await checks.freeBytes().catch(() => 0)) < DISK_BYTES_MIN) return 'disk'
    return null
  }

  return {
    closed: () => {
      if (draining)
        return new Refusal('draining', 'The server is shutting down. Try again shortly.', { retry_after_s: 5 })
      if (!checks) return new Refusal('unavailable', 'The server is starting. Try again shortly.')
      if (!checks.isAvailable())
        return new Refusal('unavailable', 'The database is starting again. Try again shortly.', { retry_after_s: 2 })
      return null
    },
    whyNotReady,
    answerAlive: (response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('ok')
    },
    answerReady: (response) => {
      const answer = (why: string | null) =>
        response
          .writeHead(why === null ? 200 : 503, {
            'content-type': 'text/plain',
            'cache-control': 'no-store',
            ...(why !== null && { 'retry-after': '2' }),
          })
          .end(why ?? 'ready')
      whyNotReady().then(answer, () => answer('database'))
    },
    begin: (begun) => {
      checks = begun
    },
    drain: () => {
      draining = true
    },
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = pause(ms, undefined, { ref: false }).then(() => {
    throw new Error(`No answer within ${ms} ms.`)
  })
  work.catch(() => {})
  return await Promise.race([work, late])
}
