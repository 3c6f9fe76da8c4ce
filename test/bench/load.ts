import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface Target {
  port: number
  /** Head of a request without its length and the blank line; body, ASCII or bytes. `n` counts requests per connection from 1. */
  request: (connection: number, n: number) => { head: string; body: string | Buffer }
  /** CPU of the server so far, microseconds. */
  cpu: () => Promise<number>
}

export interface Load {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  serverCpuMicrosecondsPerRequest: number
}

const ANSWER_BYTES_MAX = 64 * 1024

/**
 * One keep-alive connection with one request in flight; as cheap as a client can be, since it shares the machine: what it takes of two
 * cores, the faster of two servers lacks.
 */
function connect(port: number) {
  let text = ''
  let waiting: { resolve: (answer: { status: number; body: string }) => void; reject: (error: Error) => void } | null =
    null
  const take = (part: string) => {
    text += part
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 || !isWhole(text, end)) return
    const answer = { status: Number(text.slice(9, 12)), body: text.slice(end + 4) }
    text = ''
    waiting?.resolve(answer)
  }
  const socket = net.connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    // Past the stream: answers are read into one buffer.
    onread: {
      buffer: Buffer.allocUnsafe(ANSWER_BYTES_MAX),
      callback: (length, buffer) => {
        take(Buffer.from(buffer.buffer, buffer.byteOffset, length).toString('latin1'))
        return true
      },
    },
  })
  socket.on('error', (error) => waiting?.reject(error))
  return {
    send: (head: string, body: string | Buffer) =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        waiting = { resolve, reject }
        if (typeof body === 'string') {
          socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`, 'latin1')
          return
        }
        socket.cork()
        socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n`, 'latin1')
        socket.write(body)
        socket.uncork()
      }),
    end: () => socket.destroy(),
  }
}

const LENGTH = /\r\ncontent-length: (\d+)/i

/** Has all of an answer come whose head ends at `end`? */
function isWhole(text: string, end: number): boolean {
  const length = LENGTH.exec(text)?.[1]
  return length ? text.length >= end + 4 + Number(length) : text.endsWith('0\r\n\r\n')
}

/** Keeps `connections` busy for `seconds`, after a second (or more) to warm up. Any answer but 200 ends it with an error. */
export async function measureLoad(
  target: Target,
  { connections, seconds, warmUpSeconds = 1 }: { connections: number; seconds: number; warmUpSeconds?: number },
): Promise<Load> {
  const all = Array.from({ length: connections }, () => connect(target.port))
  let isGoing = true
  let isCounting = false
  const times: number[] = []
  const loops = all.map(async (connection, c) => {
    for (let n = 1; isGoing; n++) {
      const { head, body } = target.request(c, n)
      const began = performance.now()
      const answer = await connection.send(head, body)
      // Sent again when the server asks for it: what it takes is what counts.
      if (answer.status === 429) {
        await pause(200)
        n--
        continue
      }
      if (answer.status !== 200) throw new Error(`The server answered ${answer.status}: ${answer.body.slice(0, 300)}`)
      if (isCounting) times.push(performance.now() - began)
    }
  })
  const failed = Promise.all(loops)
  failed.catch(() => {})
  await Promise.race([pause(warmUpSeconds * 1_000), failed])
  const cpuBefore = await target.cpu()
  const began = performance.now()
  isCounting = true
  await Promise.race([pause(seconds * 1_000), failed])
  isCounting = false
  const took = (performance.now() - began) / 1_000
  const cpu = (await target.cpu()) - cpuBefore
  isGoing = false
  await failed
  for (const connection of all) connection.end()
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2))
  return {
    requestsPerSecond: Math.round(times.length / took),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    serverCpuMicrosecondsPerRequest: Math.round(cpu / Math.max(1, times.length)),
  }
}
