import { createServer, type RequestListener, type Server } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepDeadlines, REQUEST_MS_MAX, SILENCE_MS_MAX } from '#src/server/deadline.ts'

let server: Server
let answer: RequestListener

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const setDeadline = keepDeadlines(['x-frame-options', 'DENY'])
  server = createServer((request, response) => {
    setDeadline(request, response, request.url ?? '/')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** Sends a head and what follows by hand, and gathers what comes back. */
async function open(head: string) {
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  const seen = { text: '', isEnded: false }
  socket.on('data', (data) => {
    seen.text += data.toString('latin1')
  })
  socket.on('close', () => {
    seen.isEnded = true
  })
  socket.write(`${head}\r\nhost: a\r\n`)
  await settle()
  return { socket, seen }
}

/** Lets real sockets catch up with the clock. */
const settle = () => pause(50)

async function pass(ms: number) {
  vi.advanceTimersByTime(ms)
  await settle()
}

test('a request without an answer is over after two minutes, with the headers that every answer has', async () => {
  answer = () => {}
  const { socket, seen } = await open('GET / HTTP/1.1')
  socket.write('\r\n')
  await settle()
  await pass(REQUEST_MS_MAX - 2_000)
  expect(seen.text).toBe('')
  await pass(4_000)
  expect(seen.text).toMatch(/^HTTP\/1\.1 408 /)
  expect(seen.text).toContain('x-frame-options: DENY')
  expect(seen.isEnded).toBe(true)
})

test('an upload goes on while bytes come, and is over after thirty seconds without one', async () => {
  answer = (request) => request.resume()
  const { socket, seen } = await open('PUT /api/v1/uploads/1 HTTP/1.1')
  socket.write('content-length: 100\r\n\r\n')
  await settle()
  for (let minute = 0; minute < 5; minute++) {
    socket.write('0123456789')
    await settle()
    await pass(SILENCE_MS_MAX + 1_000)
  }
  expect(seen.text).toBe('')
  await pass(2 * SILENCE_MS_MAX + 2_000)
  expect(seen.text).toMatch(/^HTTP\/1\.1 408 /)
  expect(seen.isEnded).toBe(true)
})

test('a stream of events has no deadline, also when it is silent', async () => {
  answer = (_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    response.write(': hello\n\n')
  }
  const { socket, seen } = await open('GET /events HTTP/1.1')
  socket.write('\r\n')
  await settle()
  for (let minute = 0; minute < 10; minute++) await pass(60_000)
  expect(seen.isEnded).toBe(false)
  expect(seen.text).toContain(': hello')
})

test('a connection is used again: each request has a deadline of its own', async () => {
  answer = (_request, response) => void response.end('ok')
  const { socket, seen } = await open('GET / HTTP/1.1')
  socket.write('\r\n')
  await settle()
  await pass(REQUEST_MS_MAX - 10_000)
  answer = () => {}
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await settle()
  await pass(REQUEST_MS_MAX - 2_000)
  expect(seen.text).not.toContain('408')
  await pass(4_000)
  expect(seen.text).toContain('408')
})
