import { jitteredMs, pause, untilAnswered } from './back-off.ts'
import type { LogSpool } from './log-spool.ts'
import { type Server, ServerAway, ServerRefusal } from './server.ts'
import type { AgentLog, Timings } from './settings.ts'

/** While so many batches wait, output stays in its files. */
const WAITING_MAX = 64

export interface OutputTarget {
  server: Server
  run: string
  stream: string
  attempt: number
  fence: number
  token: string
}

export interface OutputWatch {
  /** Everything that the program wrote was sent, or was refused for good. Call it once the program has ended. */
  drained(): Promise<void>
  /** Gives up what is left. */
  abandon(): void
}

/** Streams the output of a program to its run, in order, with numbers; repeats while the server is away. */
export function watchOutput(spool: LogSpool, target: OutputTarget, timings: Timings, log: AgentLog): OutputWatch {
  const given = new AbortController()
  let ended = false
  let refused = false

  const collecting = (async () => {
    while (!given.signal.aborted) {
      if (spool.waiting().length < WAITING_MAX) {
        const added = spool.collect(ended)
        if (ended && added === 0) return
      }
      if (refused) return
      await pause(timings.outputMs, given.signal)
    }
  })()

  const sending = (async () => {
    let collected = false
    let unknown = 0
    void collecting.finally(() => {
      collected = true
    })
    while (!given.signal.aborted && !refused) {
      const [seq] = spool.waiting()
      if (seq === undefined) {
        if (collected) return
        await pause(timings.outputMs, given.signal)
        continue
      }
      try {
        await untilAnswered(() => send(target, seq, spool.read(seq), given.signal), timings.retryMs, given.signal)
        spool.remove(seq)
        unknown = 0
      } catch (error) {
        if (error instanceof ServerAway) return
        if (!(error instanceof ServerRefusal)) throw error
        // After a long absence of the server the job's token has run out; the next heartbeat of the job lengthens it.
        if (error.status === 401) {
          await pause(jitteredMs(++unknown, timings.retryMs), given.signal)
          continue
        }
        // A batch that cannot be taken is left out; a run or a fence that is over ends it all.
        if (error.status === 413 || error.status === 422 || error.status === 400) spool.remove(seq)
        else refused = true
        log.warn(`Output of run ${target.run} was refused: ${error.message}`)
      }
    }
  })()

  const failed = (error: unknown): void => {
    refused = true
    log.warn(
      `Output of run ${target.run} cannot be read or sent: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const all = Promise.all([collecting.catch(failed), sending.catch(failed)])
  return {
    drained: async () => {
      ended = true
      await all
    },
    abandon: () => given.abort(),
  }
}

const send = (target: OutputTarget, seq: number, body: string, signal: AbortSignal): Promise<unknown> =>
  target.server.call(`/runs/${target.run}/logs`, {
    token: target.token,
    body,
    headers: {
      'x-stream': target.stream,
      'x-seq': String(seq),
      'x-attempt': String(target.attempt),
      'x-fence': String(target.fence),
    },
    signal,
  })
