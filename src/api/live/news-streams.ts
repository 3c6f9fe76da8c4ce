import type { IncomingMessage, ServerResponse } from 'node:http'
import { addAdvance, addDigest, bitOf, kindsOf, type NewsDigest, waitMs } from '#src/core/live/news-digest.ts'
import type { NewsMessage } from '#src/protocol/live.ts'
import { type Actor, actorName } from '#src/services/actor.ts'
import type { Services } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { type LiveView, numberRuns } from '#src/services/live/open-stream.ts'
import type { RunNews } from '#src/services/live/run-news.ts'

/** Bounds of all streams of a process. Times in ms. */
export const STREAM_LIMITS = {
  /** A stream gets at most one message per this time: 4 Hz. */
  everyMs: 250,
  /** Silence is broken after this, so that proxies and browsers know that the stream lives. */
  pingMs: 15_000,
  /** How often it is asked whether the reader still may. */
  recheckMs: 30_000,
  /** A stream whose reader could not be checked for this long ends: the database may be away, but not for ever. */
  unprovenMs: 60_000,
  /** A reader that takes nothing for this long is cut off. */
  stallMs: 10_000,
  /** So is one with more than this unsent, bytes. */
  unsentBytesMax: 256 * 1024,
  /** Streams of one user or key. */
  perActor: 256,
  /** Streams of the process. */
  inAll: 4_000,
  /** Runs that a message names; of more it says that there are more. */
  namedRunsMax: 500,
  /** Browsers wait this long before they connect again. */
  retryMs: 2_000,
}
export type StreamLimits = typeof STREAM_LIMITS

const SWEEP_MS = 1_000
const LOOK_AGAIN_MS = 1_000
/** A peer that vanished without a word is found out by the system after this. */
const KEEP_ALIVE_MS = 30_000
const NUMBERS_KEPT = 50_000

/** One stream that was asked for. */
export interface StreamCall {
  request: IncomingMessage
  response: ServerResponse
  /** Who asks and what they may hear, looked up anew at each call. @throws Refusal */
  admit(): Promise<{ actor: Actor; view: LiveView }>
}

/** All event streams of a process. */
export interface NewsStreams {
  /**
   * Begins a stream; settles when it has begun. It ends when the reader leaves, is cut off, or may no longer.
   *
   * @throws Refusal as `admit`, `rate_limited` beyond the actor's share, `overloaded` beyond the process's
   */
  open(call: StreamCall): Promise<void>
  readonly size: number
}

/** Readers that show the same runs: they are told the same text. */
interface Audience {
  readonly key: string
  readonly view: LiveView
  readonly streams: Set<Stream>
  pending: NewsDigest
  isTelling: boolean
}

interface Stream {
  readonly call: StreamCall
  readonly actor: string
  audience: Audience
  /** What it has not heard because it does not take what was sent before; told as one message once it does. */
  missed: NewsDigest | null
  hasGap: boolean
  /** Since when the socket has not drained; null when it takes more. */
  stalledMs: number | null
  toldMs: number
  checkedMs: number
  provenMs: number
  isChecking: boolean
  endedMs: number | null
}

/**
 * Opens the streams of a process: one subscription to the hub and one clock for all. However fast runs are written, news is gathered
 * per run and told once per 250 ms, as one text per set of runs that somebody shows.
 */
export function openNewsStreams(services: Services, limits: StreamLimits = STREAM_LIMITS): NewsStreams {
  const streams = new Set<Stream>()
  const audiences = new Map<string, Audience>()
  /** Streams per actor, those that are being opened included. */
  const counts = new Map<string, number>()
  const numbers = new Map<number, number>()
  let digest: NewsDigest = new Map()
  /** Run id → project, of the runs in `digest`. */
  let projects = new Map<number, number>()
  let leaveHub: (() => void) | null = null
  let sweeping: NodeJS.Timeout | null = null
  let isTicking = false
  let tickedMs: number | null = null

  // ── From the hub to the audiences

  function takeNews({ runId, projectId, lastStep, atMs, kind }: RunNews): void {
    addAdvance(digest, runId, { lastStep, atMs, kinds: bitOf(kind) })
    projects.set(runId, projectId)
    if (isTicking) return
    isTicking = true
    const wait = waitMs(tickedMs, Date.now(), limits.everyMs)
    // Not within the writer's turn: its acknowledgement goes first.
    if (wait === 0) setImmediate(tick)
    else setTimeout(tick, wait)
  }

  function tick(): void {
    isTicking = false
    tickedMs = Date.now()
    const news = digest
    const projectOf = projects
    digest = new Map()
    projects = new Map()
    for (const audience of audiences.values()) {
      const { scope, runs } = audience.view
      if (runs && runs.size < news.size) {
        for (const runId of runs.keys()) {
          const advance = news.get(runId)
          if (advance) addAdvance(audience.pending, runId, advance)
        }
      } else
        for (const [runId, advance] of news)
          if (runs ? runs.has(runId) : projectOf.get(runId) === scope.projectId)
            addAdvance(audience.pending, runId, advance)
      if (audience.pending.size > 0) void tellAudience(audience)
    }
  }

  async function tellAudience(audience: Audience): Promise<void> {
    if (audience.isTelling) return
    audience.isTelling = true
    try {
      await learnNumbers(audience)
    } catch (error) {
      services.log.warn({ err: error }, 'Runs of live news could not be looked up; it is tried again.')
      setTimeout(() => void tellAudience(audience), LOOK_AGAIN_MS).unref()
      return
    } finally {
      audience.isTelling = false
    }
    const news = audience.pending
    audience.pending = new Map()
    if (news.size === 0) return
    const text = messageOf(news, audience.view)
    for (const stream of audience.streams) tell(stream, news, text)
  }

  /** Runs that are new to a stream of a whole project have numbers that it does not know yet. */
  async function learnNumbers({ view, pending }: Audience): Promise<void> {
    if (view.runs) return
    const unknown = [...pending.keys()].filter((runId) => !numbers.has(runId)).slice(0, limits.namedRunsMax)
    if (unknown.length === 0) return
    if (numbers.size > NUMBERS_KEPT) numbers.clear()
    for (const [id, number] of await numberRuns(services, view.scope, unknown)) numbers.set(id, number)
  }

  function messageOf(news: NewsDigest, view: LiveView): string {
    const message: NewsMessage = { runs: [] }
    for (const [runId, { lastStep, atMs, kinds }] of news) {
      const run = view.runs ? view.runs.get(runId) : numbers.get(runId)
      if (message.runs.length >= limits.namedRunsMax || run === undefined) message.more = true
      else message.runs.push({ run, last_step: lastStep, at: atMs, what: kindsOf(kinds) })
    }
    return eventOf('news', message)
  }

  // ── From the audience to one reader

  function tell(stream: Stream, news: NewsDigest, text: string): void {
    if (takesMore(stream)) write(stream, text)
    else {
      stream.missed ??= new Map()
      addDigest(stream.missed, news)
    }
  }

  function tellMissed(stream: Stream): void {
    stream.stalledMs = null
    if (stream.hasGap) {
      stream.hasGap = false
      write(stream, GAP)
    }
    const missed = stream.missed
    stream.missed = null
    if (missed && takesMore(stream)) write(stream, messageOf(missed, stream.audience.view))
  }

  const takesMore = ({ call: { response }, stalledMs }: Stream): boolean =>
    stalledMs === null && !response.writableEnded && !response.destroyed

  function write(stream: Stream, text: string): void {
    const { response } = stream.call
    if (response.writableEnded || response.destroyed) return
    stream.toldMs = Date.now()
    if (!response.write(text)) stream.stalledMs = stream.toldMs
  }

  function tellGap(): void {
    for (const stream of streams)
      if (takesMore(stream)) write(stream, GAP)
      else stream.hasGap = true
  }

  // ── Beginning and end

  async function open(call: StreamCall): Promise<void> {
    const { response } = call
    const { actor, view } = await call.admit()
    const name = actorName(actor)
    refuseTooMany(name)
    if (response.destroyed) return
    const now = Date.now()
    const stream: Stream = {
      call,
      actor: name,
      audience: join(view),
      missed: null,
      hasGap: false,
      stalledMs: null,
      toldMs: now,
      checkedMs: now,
      provenMs: now,
      isChecking: false,
      endedMs: null,
    }
    stream.audience.streams.add(stream)
    streams.add(stream)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    leaveHub ??= services.live.subscribe(() => true, takeNews, tellGap)
    sweeping ??= setInterval(sweep, Math.min(SWEEP_MS, limits.stallMs)).unref()
    call.request.socket.setKeepAlive(true, KEEP_ALIVE_MS)
    response.on('drain', () => tellMissed(stream))
    response.once('close', () => leave(stream))
    // One by one and not in a list: the shutdown and the deadlines know streams by this header.
    response.setHeader('content-type', 'text/event-stream')
    response.setHeader('cache-control', 'private, no-cache, no-transform')
    response.setHeader('x-accel-buffering', 'no')
    response.writeHead(200)
    write(stream, `retry: ${limits.retryMs}\n: ${view.runs ? `${view.runs.size} runs` : 'all runs'}\n\n`)
  }

  function refuseTooMany(actor: string): void {
    if ((counts.get(actor) ?? 0) >= limits.perActor)
      throw new Refusal(
        'rate_limited',
        `${limits.perActor} live streams are open already. Close one: a tab, or a program, needs no more than one.`,
        { limit: limits.perActor, retry_after_s: 30 },
      )
    if (streams.size >= limits.inAll)
      throw new Refusal('overloaded', `This server holds ${limits.inAll} live streams, all that it takes.`, {
        retry_after_s: 30,
      })
  }

  function join(view: LiveView): Audience {
    const named = view.runs ? [...view.runs.keys()].sort((a, b) => a - b).join(',') : '*'
    const key = `${view.scope.projectId}:${named}`
    let audience = audiences.get(key)
    if (!audience) {
      audience = { key, view, streams: new Set(), pending: new Map(), isTelling: false }
      audiences.set(key, audience)
    }
    return audience
  }

  function part(stream: Stream): void {
    const { audience } = stream
    audience.streams.delete(stream)
    if (audience.streams.size === 0 && audiences.get(audience.key) === audience) audiences.delete(audience.key)
  }

  function leave(stream: Stream): void {
    if (!streams.delete(stream)) return
    part(stream)
    const left = (counts.get(stream.actor) ?? 1) - 1
    if (left > 0) counts.set(stream.actor, left)
    else counts.delete(stream.actor)
    if (streams.size > 0) return
    leaveHub?.()
    leaveHub = null
    if (sweeping) clearInterval(sweeping)
    sweeping = null
  }

  /** Says why and ends; who does not take that either is cut off by the sweep. */
  function end(stream: Stream, code: string): void {
    stream.endedMs = Date.now()
    part(stream)
    const { response } = stream.call
    if (!response.writableEnded && !response.destroyed) response.end(eventOf('end', { code }))
  }

  function sweep(): void {
    const now = Date.now()
    for (const stream of streams) {
      const { response, request } = stream.call
      const since = stream.endedMs ?? stream.stalledMs
      if ((since !== null && now - since >= limits.stallMs) || response.writableLength > limits.unsentBytesMax) {
        request.socket.destroy()
        continue
      }
      // Ended by the shutdown, which says bye itself.
      if (response.writableEnded) stream.endedMs ??= now
      else if (now - stream.provenMs >= limits.unprovenMs) end(stream, 'unavailable')
      else {
        if (now - stream.toldMs >= limits.pingMs && takesMore(stream)) write(stream, ': ping\n\n')
        if (now - stream.checkedMs >= limits.recheckMs) void recheck(stream, now)
      }
    }
  }

  async function recheck(stream: Stream, now: number): Promise<void> {
    if (stream.isChecking) return
    stream.isChecking = true
    stream.checkedMs = now
    try {
      const { view } = await stream.call.admit()
      if (stream.endedMs !== null || !streams.has(stream)) return
      const audience = join(view)
      if (audience !== stream.audience) {
        part(stream)
        stream.audience = audience
        audience.streams.add(stream)
        // What was gathered for the runs of before is not told to it.
        if (takesMore(stream)) write(stream, GAP)
        else stream.hasGap = true
      }
      stream.provenMs = now
    } catch (error) {
      if (error instanceof Refusal && isFinal(error.code)) end(stream, error.code)
      else services.log.warn({ err: error, actor: stream.actor }, 'The reader of a live stream could not be checked.')
    } finally {
      stream.isChecking = false
    }
  }

  return {
    open,
    get size() {
      return streams.size
    },
  }
}

/** Does this refusal say that the reader may not, and not that nobody can tell at the moment? */
const isFinal = (code: Refusal['code']): boolean => code !== 'unavailable' && code !== 'draining' && code !== 'internal'

const eventOf = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** Something may have been missed: whoever listens looks at everything anew. */
const GAP = eventOf('gap', {})
