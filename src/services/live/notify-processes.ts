import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { addAdvance, addDigest, bitOf, kindsOf, type NewsDigest, waitMs } from '../../core/live/news-digest.ts'
import { type NewsNotice, readNotice, writeBeginning, writeNotices } from '../../core/live/news-notice.ts'
import type { DatabaseTarget, Sql } from '../../db/clients.ts'
import { type Listener, listen } from '../../db/listen.ts'
import { notify } from '../../db/queries/live/notify.ts'
import type { Log } from '../context.ts'
import type { LiveHub, RunNews } from './run-news.ts'

const CHANNEL = 'descent_live'

/** One notice per process and this time, however many batches were committed: one with each would halve the commits. */
const EVERY_MS = 100
/** A process that has nothing to tell says so this often; who does not hear itself within as long again is deaf. */
const SIGN_MS = 3_000
const BACK_OFF_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const

export interface ProcessesOptions {
  target: DatabaseTarget
  /** Sends the notices. */
  sql: Sql
  hub: LiveHub
  log: Log
  /**
   * Called before the hub is told: what lies in memory of these runs is behind.
   *
   * @param runIds `all` when notices may have been missed
   */
  onForeign: (runIds: readonly number[] | 'all') => void
  /** How often this process gives a sign of life, ms. */
  signMs?: number
}

export interface Processes {
  /** True while the others are heard. */
  isHearing(): boolean
  close(): Promise<void>
}

/**
 * Lets server processes on one database hear each other's news. Each listens over a connection of its own and hears itself as well,
 * which proves that it hears; when it does not, it listens anew, and everything in memory counts as changed.
 *
 * @returns at once; it listens as soon as the database lets it
 */
export function notifyProcesses(options: ProcessesOptions): Processes {
  const { target, sql, hub, log, onForeign, signMs = SIGN_MS } = options
  const me = randomUUID()
  const closing = new AbortController()
  let digest: NewsDigest = new Map()
  let projects = new Map<number, number>()
  let sending: Promise<void> | null = null
  let sentMs: number | null = null
  let timer: NodeJS.Timeout | null = null
  let failures = 0
  /** What comes from other processes is told here as well, and must not be sent on. */
  let isForeign = false
  let heardMs = 0
  let isHearing = false

  const leaveHub = hub.subscribe(() => true, gather)
  const listening = keepListening()

  function gather({ runId, projectId, lastStep, atMs, kind }: RunNews): void {
    if (isForeign) return
    addAdvance(digest, runId, { lastStep, atMs, kinds: bitOf(kind) })
    projects.set(runId, projectId)
    schedule()
  }

  function schedule(): void {
    if (timer || sending || closing.signal.aborted) return
    const wait = failures > 0 ? backOff(failures) : waitMs(sentMs, Date.now(), EVERY_MS)
    timer = setTimeout(() => {
      timer = null
      sending = send().finally(() => {
        sending = null
        if (digest.size > 0) schedule()
      })
    }, wait)
    timer.unref()
  }

  async function send(): Promise<void> {
    const news = digest
    const projectOf = projects
    digest = new Map()
    projects = new Map()
    sentMs = Date.now()
    try {
      await notify(sql, CHANNEL, writeNotices(me, news, projectOf))
      failures = 0
    } catch (error) {
      failures++
      if (failures === 1) log.warn({ err: error }, 'Other servers could not be told of news; it is tried again.')
      // Kept for the next try, below what came since.
      addDigest(news, digest)
      digest = news
      for (const [runId, projectId] of projectOf) projects.set(runId, projectId)
    }
  }

  function take(text: string): void {
    const notice = readNotice(text)
    if (!notice) return
    if (notice.from === me) {
      heardMs = Date.now()
      return
    }
    if (notice.isEverything) missed()
    else if (notice.runs.length > 0) tellHere(notice)
  }

  function tellHere(notice: NewsNotice): void {
    // Progress is what was written of points that were told of before: nothing in memory is behind them.
    const behind = notice.runs.filter(({ advance }) => (advance.kinds & ~bitOf('progress')) !== 0)
    if (behind.length > 0) onForeign(behind.map(({ runId }) => runId))
    isForeign = true
    try {
      for (const { runId, projectId, advance } of notice.runs)
        for (const kind of kindsOf(advance.kinds))
          hub.tell({ runId, projectId, lastStep: advance.lastStep, atMs: advance.atMs, kind })
    } finally {
      isForeign = false
    }
  }

  function missed(): void {
    onForeign('all')
    hub.tellGap()
  }

  async function keepListening(): Promise<void> {
    let isFirst = true
    let tries = 0
    while (!closing.signal.aborted) {
      let listener: Listener | null = null
      try {
        listener = await listen(target, { name: 'descent live', channel: CHANNEL, take, again: missed })
        heardMs = Date.now()
        isHearing = true
        tries = 0
        if (isFirst) await notify(sql, CHANNEL, [writeBeginning(me)])
        // What was told between the start, or the loss of the connection, and now went by.
        missed()
        isFirst = false
        await untilDeaf()
      } catch (error) {
        if (closing.signal.aborted) return
        if (tries++ === 0) log.warn({ err: error }, 'Other servers are not heard at the moment; it is tried again.')
      } finally {
        isHearing = false
        await listener?.end().catch(() => {})
      }
      await pause(backOff(tries), undefined, { signal: closing.signal, ref: false }).catch(() => {})
    }
  }

  /** Gives signs of life for as long as they come back. @throws Error once they do not */
  async function untilDeaf(): Promise<void> {
    for (;;) {
      await pause(signMs, undefined, { signal: closing.signal, ref: false })
      if (Date.now() - heardMs >= 2 * signMs) throw new Error(`Nothing was heard for ${Date.now() - heardMs} ms.`)
      await notify(sql, CHANNEL, writeNotices(me, new Map(), new Map()))
    }
  }

  return {
    isHearing: () => isHearing,
    close: async () => {
      leaveHub()
      if (timer) clearTimeout(timer)
      await sending
      closing.abort()
      // Others must hear the last words of a process that ends.
      if (digest.size > 0) await send()
      await listening
    },
  }
}

const backOff = (tries: number): number => BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0]
