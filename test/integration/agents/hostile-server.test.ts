import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilAnswered } from '#workers/agent/back-off.ts'
import { fetchCheckpoint, trimCache } from '#workers/agent/fetch-inputs.ts'
import { connect, ServerAway } from '#workers/agent/server.ts'

const PORT = 17_252
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const never = new AbortController().signal

let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: { url: string; token: string }[] = []
let folder: string
const server = createServer((request, response) => {
  asked.push({ url: request.url ?? '', token: request.headers.authorization ?? '' })
  answer(request, response)
})

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'descent-hostile-'))
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  fs.rmSync(folder, { recursive: true, force: true })
})

const hostile = connect(`http://127.0.0.1:${PORT}`)
let targets = 0
const fetchFiles = (files: { name: string; sha256: string; size: number }[]) => {
  const target = path.join(folder, `target-${++targets}`)
  const fetcher = { server: hostile, cacheDir: path.join(folder, 'cache'), retryMs: [10, 20] as const }
  return fetchCheckpoint(fetcher, 'job-token', 'c0ffee', files, target, never).then(() => target)
}
const all = () => fs.readdirSync(folder, { recursive: true }).map(String)

describe('an agent whose server is hostile', () => {
  it.each(['../evil', '/etc/evil', 'a/../../evil', 'a\\..\\evil', '.', '', 'a//b', 'nul\0'])(
    'writes no file outside its folder for the name %j',
    async (name) => {
      answer = (_, response) => response.end('x')
      await expect(fetchFiles([{ name, sha256: sha256('x'), size: 1 }])).rejects.toThrow('would leave its folder')
      expect(all().filter((file) => file.includes('evil'))).toEqual([])
    },
  )

  it('takes content only when size and hash are as told, and keeps nothing of what is not', async () => {
    answer = (_, response) => response.end('other')
    await expect(fetchFiles([{ name: 'model.bin', sha256: sha256('right'), size: 5 }])).rejects.toThrow('has SHA-256')
    answer = (_, response) => response.end('x'.repeat(1_000_000))
    await expect(fetchFiles([{ name: 'model.bin', sha256: sha256('x'), size: 10 }])).rejects.toThrow('is longer than')
    await expect(fetchFiles([{ name: 'model.bin', sha256: '../../evil', size: 1 }])).rejects.toThrow('is no SHA-256')
    expect(all().filter((file) => file.includes('partial') || file.includes('model'))).toEqual([])
  })

  it('repeats a download that was cut off, and asks once for what it has', async () => {
    let calls = 0
    answer = (_, response) => {
      calls++
      if (calls > 1) return void response.end('weights')
      response.writeHead(200, { 'content-length': '7' })
      response.write('wei', () => response.destroy())
    }
    const file = { name: 'deep/model.bin', sha256: sha256('weights'), size: 7 }
    const target = await fetchFiles([file])
    expect(fs.readFileSync(path.join(target, 'deep', 'model.bin'), 'utf8')).toBe('weights')
    expect(calls).toBe(2)
    await fetchFiles([file])
    expect(calls).toBe(2)
    // Content that changed in the cache is noticed and fetched again.
    fs.writeFileSync(path.join(folder, 'cache', file.sha256), 'changed')
    await fetchFiles([file])
    expect(calls).toBe(3)
    trimCache(path.join(folder, 'cache'), 0)
    expect(fs.readdirSync(path.join(folder, 'cache'))).toEqual([])
  })

  it('follows no redirect, so its token reaches nobody else', async () => {
    asked = []
    answer = (request, response) => {
      if (request.url === '/elsewhere') return void response.end('{}')
      response.writeHead(302, { location: `http://localhost:${PORT}/elsewhere` }).end()
    }
    await expect(hostile.call('/agents/token', { token: 'secret', json: {} })).rejects.toMatchObject({ status: 302 })
    expect(asked.map((a) => a.url)).toEqual(['/api/v1/agents/token'])
  })

  it('is not drowned by an endless answer, nor confused by one that is no JSON', async () => {
    answer = (_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'.repeat(1_000_000)), 1)
      response.on('close', () => clearInterval(timer))
    }
    await expect(hostile.call('/x', { json: {} })).rejects.toThrow('larger than 4 MiB')
    answer = (_, response) => response.end('<html>')
    await expect(hostile.call('/x', { json: {} })).rejects.toThrow('no JSON')
  })

  it('waits no longer than it wants, whatever Retry-After says, and ends a wait when it shall', async () => {
    answer = (_, response) => response.writeHead(503, { 'retry-after': '99999999' }).end()
    const over = new AbortController()
    const call = untilAnswered(() => hostile.call('/x', { json: {} }), [10, 20], over.signal)
    setTimeout(() => over.abort(), 100)
    await expect(call).rejects.toBeInstanceOf(ServerAway)
  })
})
