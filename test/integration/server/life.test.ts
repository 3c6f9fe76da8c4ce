import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { createHealth, DISK_BYTES_MIN, type HealthChecks } from '#src/server/health.ts'
import { shutDown, trackAnswers } from '#src/server/shutdown.ts'
import { type ServerProcess, startProcess, untilReady } from './start-process.ts'

const started: ServerProcess[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.remove()
})

function start(...request: Parameters<typeof startProcess>): ServerProcess {
  const server = startProcess(...request)
  started.push(server)
  return server
}

describe('a start that cannot succeed says why in one sentence and ends with 1', () => {
  test('the port is in use', async () => {
    const holder = createServer().listen(17_120, '127.0.0.1')
    const server = start(17_120)
    expect(await server.exited).toBe(1)
    expect(server.output()).toMatch(
      /^Port 17120 on 127\.0\.0\.1 is in use\. Stop what uses it, or set PORT to another: PORT=17121 npm start\n$/,
    )
    holder.close()
  })

  test('settings are wrong: all at once', async () => {
    const server = start(17_121, { DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' })
    expect(await server.exited).toBe(1)
    expect(server.output()).toContain('DATABASE_URL is not valid')
    expect(server.output()).toContain('LOG_LEVEL is "loud"')
  })

  test('the address is beyond loopback and there is no secret', async () => {
    const server = start(17_121, { HOST: '0.0.0.0' })
    expect(await server.exited).toBe(1)
    expect(server.output()).toContain('AUTH_SECRET is missing')
  })

  test('nothing answers at DATABASE_URL', async () => {
    const server = start(17_122, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', AUTH_SECRET: 'x'.repeat(40) })
    expect(await server.exited).toBe(1)
    expect(server.output().trim().split('\n')).toHaveLength(1)
    expect(server.output()).toContain('ECONNREFUSED')
  })
})

describe('the life of a server', () => {
  test('another one on the same data folder is refused with its pid; SIGTERM ends it with 0; the next start prints another link', async () => {
    const first = start(17_123)
    await untilReady(first)
    const second = start(17_124, {}, first.dataDir)
    const stream = await openConnection(17_123)
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(`process ${first.child.pid} `)
    expect((await fetch('http://127.0.0.1:17123/readyz')).status).toBe(200)

    const link = /sign-in#(\S+)/.exec(first.output())?.[1]
    const at = Date.now()
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(Date.now() - at).toBeLessThan(25_000)
    stream.destroy()

    const third = start(17_123, {}, first.dataDir)
    await untilReady(third)
    expect(/sign-in#(\S+)/.exec(third.output())?.[1]).not.toBe(link)
  }, 60_000)
})

/** A connection that is kept open with half a request. */
function openConnection(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal')
      socket.once('data', () => resolve(socket))
    })
    socket.on('error', () => {})
  })
}

describe('readiness', () => {
  const good: HealthChecks = {
    isAvailable: () => true,
    ping: async () => {},
    isSchemaCurrent: async () => true,
    freeBytes: async () => DISK_BYTES_MIN,
  }

  test.each<[string, Partial<HealthChecks>, string | null]>([
    ['all is well', {}, null],
    ['the engine is away', { isAvailable: () => false }, 'database'],
    ['the ping fails', { ping: async () => Promise.reject(new Error('gone')) }, 'database'],
    ['the ping takes more than a second', { ping: () => new Promise(() => {}) }, 'database'],
    ['the schema is another one', { isSchemaCurrent: async () => false }, 'schema'],
    ['the disk is below its floor', { freeBytes: async () => DISK_BYTES_MIN - 1 }, 'disk'],
  ])('when %s', async (_, wrong, expected) => {
    const health = createHealth()
    health.begin({ ...good, ...wrong })
    expect(await health.whyNotReady()).toBe(expected)
  })

  test('is not there before the start and after SIGTERM, and the doors say so', async () => {
    const health = createHealth()
    expect([await health.whyNotReady(), health.closed()?.code]).toEqual(['starting', 'unavailable'])
    health.begin(good)
    expect(health.closed()).toBeNull()
    health.drain()
    expect([await health.whyNotReady(), health.closed()?.code]).toEqual(['draining', 'draining'])
  })
})

describe('a shutdown', () => {
  test('tells streams bye, lets requests finish, and closes what they stood on in order', async () => {
    const answers = trackAnswers()
    const order: string[] = []
    let asked = 0
    const server = createServer((request, response) => {
      asked++
      answers.add(response)
      if (request.url === '/stream') {
        response.setHeader('content-type', 'text/event-stream')
        response.write('data: 1\n\n')
      } else
        setTimeout(() => {
          order.push('answered')
          response.end('late')
        }, 2_000)
    }).listen(17_125, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const stream = fetch('http://127.0.0.1:17125/stream').then((answer) => answer.text())
    const slow = fetch('http://127.0.0.1:17125/slow').then((answer) => answer.text())
    await expect.poll(() => asked).toBe(2)
    const lines: string[] = []
    const note = (_: object, sentence: string) => void lines.push(sentence)
    await shutDown({
      drain: () => order.push('drained'),
      delayMs: 0,
      server,
      answers,
      log: { info: note, warn: note, error: note },
      close: [async () => Promise.reject(new Error('broken')), async () => order.push('closed')],
    })
    expect(await stream).toBe('data: 1\n\nevent: bye\ndata: {}\n\n')
    expect(await slow).toBe('late')
    expect(order).toEqual(['drained', 'answered', 'closed'])
    expect(lines).toContain('A part of the server did not close well.')
  })
})

test('a stream that was ended and is not taken yet is told nothing more when the server goes', async () => {
  const answers = trackAnswers()
  const faults: unknown[] = []
  let ended = false
  const server = createServer((_request, response) => {
    answers.add(response)
    response.on('error', (error) => faults.push(error))
    response.setHeader('content-type', 'text/event-stream')
    // More than the system's buffers hold.
    response.end('x'.repeat(64 * 2 ** 20))
    ended = true
  }).listen(17_125, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const reader = connect(17_125, '127.0.0.1')
  onTestFinished(() => {
    reader.destroy()
    server.closeAllConnections()
    server.close()
  })
  reader.pause()
  reader.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await expect.poll(() => ended).toBe(true)
  answers.bye()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(faults).toEqual([])
})

test('an engine that dies is told as 503 and comes back', async () => {
  const server = start(17_126)
  await untilReady(server)
  const pid = await enginePid(server.dataDir)
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(async () => (await fetch('http://127.0.0.1:17126/readyz')).status, { interval: 5, timeout: 5_000 })
    .toBe(503)
  expect((await fetch('http://127.0.0.1:17126/healthz')).status).toBe(200)
  await untilReady(server)
  server.child.kill('SIGTERM')
  expect(await server.exited).toBe(0)
}, 40_000)

/** The postmaster of a data folder, wherever the engine moved it. */
function enginePid(dataDir: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const found = spawn('pgrep', ['-f', `postgres.*-D ${dataDir}`])
    let text = ''
    found.stdout.on('data', (chunk) => (text += chunk))
    found.on('close', () => {
      const pid = Number(text.split('\n')[0])
      if (pid > 0) resolve(pid)
      else reject(new Error(`No engine of ${dataDir} runs.`))
    })
  })
}
