import { randomUUID } from 'node:crypto'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseClients } from '#src/db/clients.ts'
import { NewsMessage } from '#src/protocol/live.ts'
import { makeBodies } from './bodies.ts'
import { makeBenchWorld } from './world.ts'

/** A server that runs, as far as this bench needs it. */
export interface LiveTarget {
  port: number
  clients: DatabaseClients
  /** CPU of the server's process so far, microseconds. */
  cpu(): Promise<number>
  /** Resident memory of the server's process, bytes. */
  memory(): number
}

export interface LiveFigures {
  tabs: number
  seconds: number
  /** All tabs together. */
  messagesPerSecond: number
  messagesPerTabPerSecond: number
  bytesPerMessage: number
  /** From the newest commit that a message tells of until a tab has it; the wait for the commit itself is in it. */
  p50Ms: number
  p99Ms: number
  /** Of one core: the server while the tabs listen, and while the same batches are written and nobody listens. */
  cpuShare: number
  cpuShareWithoutTabs: number
  cpuMicrosecondsPerMessage: number
  /** Resident memory that came with the tabs. */
  memoryBytesPerTab: number
}

const RUNS = 10
const WARM_S = 4
/** Each run gets more than four batches a second, so that every tab is told four times a second. */
const BATCHES_PER_SECOND = 100

/** Many tabs, each on the same runs, while one writer sends batches at an even pace. */
export async function benchLive(
  target: LiveTarget,
  { tabs = 200, seconds = 15 }: { tabs?: number; seconds?: number } = {},
): Promise<LiveFigures> {
  const world = await makeBenchWorld(target.clients.sql, RUNS)
  const writer = await openWriter(target.port, world)
  try {
    await writer.write(WARM_S)
    const before = target.memory()
    const heard = { messages: 0, bytes: 0, isCounting: false, lags: [] as number[] }
    const readers = await Promise.all(Array.from({ length: tabs }, () => openTab(target.port, world.readKey, heard)))
    await writer.write(2)
    const memoryBytesPerTab = Math.max(0, Math.round((target.memory() - before) / tabs))
    heard.isCounting = true
    const loud = await spent(target, () => writer.write(seconds))
    heard.isCounting = false
    for (const reader of readers) reader.destroy()
    await pause(1_000)
    // Afterwards, so that what the server learns and compiles in its first seconds is in neither.
    const quiet = await spent(target, () => writer.write(seconds))
    heard.lags.sort((a, b) => a - b)
    const at = (share: number) => heard.lags[Math.floor(share * (heard.lags.length - 1))] ?? Number.NaN
    const messagesPerSecond = heard.messages / loud.seconds
    return {
      tabs,
      seconds,
      messagesPerSecond: Math.round(messagesPerSecond),
      messagesPerTabPerSecond: round(messagesPerSecond / tabs),
      bytesPerMessage: Math.round(heard.bytes / Math.max(1, heard.messages)),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      cpuShare: round(loud.share),
      cpuShareWithoutTabs: round(quiet.share),
      cpuMicrosecondsPerMessage: Math.round(((loud.share - quiet.share) * 1e6) / Math.max(1, messagesPerSecond)),
      memoryBytesPerTab,
    }
  } finally {
    writer.end()
  }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

async function spent(target: LiveTarget, work: () => Promise<void>): Promise<{ share: number; seconds: number }> {
  const cpu = await target.cpu()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1_000
  return { share: ((await target.cpu()) - cpu) / 1e6 / seconds, seconds }
}

/** @throws Error with what the server answered when it is no stream */
function openTab(
  port: number,
  key: string,
  heard: { messages: number; bytes: number; isCounting: boolean; lags: number[] },
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    let text = ''
    let isOpen = false
    const socket = net.connect({ port, host: '127.0.0.1' }, () =>
      socket.write(
        `GET /api/v1/live?project=bench&runs=1-${RUNS} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\n\r\n`,
      ),
    )
    socket.on('error', reject)
    socket.on('data', (part) => {
      text += part.toString('latin1')
      if (!isOpen) {
        if (!text.includes('\r\n\r\n')) return
        if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(`No stream: ${text.slice(0, 400)}`))
        isOpen = true
        resolve(socket)
      }
      const now = Date.now()
      if (heard.isCounting) heard.bytes += part.length
      for (let from = text.indexOf('data: '); from >= 0; from = text.indexOf('data: ')) {
        const to = text.indexOf('\n\n', from)
        if (to < 0) return
        if (heard.isCounting) {
          const { runs } = NewsMessage.parse(JSON.parse(text.slice(from + 6, to)))
          heard.messages++
          heard.lags.push(now - Math.max(...runs.map((run) => run.at)))
        }
        text = text.slice(to + 2)
      }
    })
  })
}

/** One connection that writes one step to the runs in turn. */
async function openWriter(port: number, world: Awaited<ReturnType<typeof makeBenchWorld>>) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let answered = () => {}
  let text = ''
  socket.on('data', (part) => {
    text += part.toString('latin1')
    const head = text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (head < 0 || text.length < head + 4 + length) return
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`The server answered ${text.slice(0, 400)}`)
    text = ''
    answered()
  })
  const bodies = makeBodies(1)
  const streams = world.runs.map(() => randomUUID())
  let n = 0
  const send = () =>
    new Promise<void>((resolve) => {
      answered = resolve
      const run = n % RUNS
      const seq = Math.floor(n / RUNS) + 1
      const body = bodies[n % bodies.length]?.(seq) ?? ''
      n++
      const head =
        `POST /api/v1/runs/${world.runs[run]?.uid}/metrics HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
        `authorization: Bearer ${world.key}\r\ncontent-type: application/json\r\n` +
        `x-stream: ${streams[run]}\r\nx-seq: ${seq}\r\nx-attempt: 1`
      socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`, 'latin1')
    })
  return {
    write: async (seconds: number) => {
      const began = performance.now()
      for (let i = 0; i < seconds * BATCHES_PER_SECOND; i++) {
        await send()
        const wait = began + ((i + 1) * 1_000) / BATCHES_PER_SECOND - performance.now()
        if (wait > 1) await pause(wait)
      }
    },
    end: () => socket.destroy(),
  }
}
