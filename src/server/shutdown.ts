import type { Server, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '#src/services/context.ts'

/** Requests that are under way may take this long to end. */
const DRAIN_MS = 15_000
/** The process is gone by then, whatever hangs. */
export const SHUTDOWN_MS_MAX = 25_000

/** Answers under way, for the shutdown. */
export interface OpenAnswers {
  add(response: ServerResponse): void
  /** Tells event streams `bye` and ends them; browsers connect again, elsewhere or later. */
  bye(): void
  /** Settles when none is left, or after `ms`; false when some were left. */
  ended(ms: number): Promise<boolean>
}

export function trackAnswers(): OpenAnswers {
  const open = new Set<ServerResponse>()
  return {
    add: (response) => {
      open.add(response)
      response.once('close', () => open.delete(response))
    },
    bye: () => {
      // One that was ended and is not taken yet may not be written to: nobody would hear its error.
      for (const response of open)
        if (
          !response.writableEnded &&
          !response.destroyed &&
          String(response.getHeader('content-type') ?? '').startsWith('text/event-stream')
        ) {
          response.write('event: bye\ndata: {}\n\n')
          response.end()
        }
    },
    ended: async (ms) => {
      for (const until = Date.now() + ms; open.size > 0; await pause(20)) if (Date.now() > until) return false
      return true
    },
  }
}

export interface ShutdownSteps {
  /** Not ready from now on; what waits for news waits no longer. */
  drain(): void
  /** Time for a load balancer to notice. */
  delayMs: number
  server: Server
  answers: OpenAnswers
  /** In order; each is tried even when one before it failed. */
  close: readonly (() => Promise<unknown>)[]
  log: Log
}

/** Ends a running server in order: not ready, streams told, requests finished, then what they stood on. */
export async function shutDown(steps: ShutdownSteps): Promise<void> {
  const { server, answers, log } = steps
  steps.drain()
  log.info({}, 'Shutting down.')
  await pause(steps.delayMs)
  answers.bye()
  server.close()
  server.closeIdleConnections()
  if (!(await answers.ended(DRAIN_MS))) log.warn({}, 'Some requests did not end in time and were cut off.')
  server.closeAllConnections()
  for (const close of steps.close)
    try {
      await close()
    } catch (error) {
      log.error({ err: error }, 'A part of the server did not close well.')
    }
}
