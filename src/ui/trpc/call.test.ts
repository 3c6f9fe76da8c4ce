import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { initTRPC, TRPCError } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeCall } from './call.ts'
import { CallError } from './call-error.ts'
import { proceduresOf } from './procedures.ts'

const t = initTRPC.create()
const router = t.router({
  echo: t.procedure.input((value: unknown) => value).query(({ input }) => ({ heard: input ?? null })),
  add: t.procedure.input((value) => value as number).mutation(({ input }) => input + 1),
  refuse: t.procedure.query(() => {
    throw new TRPCError({ code: 'NOT_FOUND', message: 'There is no such thing.' })
  }),
})

describe('calls to a real tRPC server', () => {
  let server: Server
  let url = ''
  const heard: string[] = []
  beforeAll(async () => {
    const handle = createHTTPHandler({ router, allowMethodOverride: true })
    server = createServer((request, response) => {
      heard.push(`${request.method} ${request.url?.split('?')[0]}`)
      if (request.url?.startsWith('/away')) response.end('<html>')
      else handle(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  beforeEach(() => heard.splice(0))

  test('questions of one moment share a request, and each gets its own answer', async () => {
    const call = makeCall(url)
    const answers = await Promise.all(['a', undefined, 'c'].map((input) => call('query', 'echo', input)))
    expect(answers).toEqual([{ heard: 'a' }, { heard: null }, { heard: 'c' }])
    expect(heard).toEqual(['GET /echo,echo,echo'])
  })

  test('a refusal does not touch its neighbours and says what the server said', async () => {
    const call = makeCall(url)
    const [good, bad] = await Promise.allSettled([call('query', 'echo', 1), call('query', 'refuse', undefined)])
    expect(good).toEqual({ status: 'fulfilled', value: { heard: 1 } })
    expect(bad).toMatchObject({
      reason: { message: 'There is no such thing.', data: { code: 'NOT_FOUND', httpStatus: 404 } },
    })
  })

  test('at most ten go together, and an address stays short', async () => {
    const call = makeCall(url)
    await Promise.all(Array.from({ length: 12 }, (_, i) => call('query', 'echo', i)))
    expect(heard.map((line) => line.split(',').length)).toEqual([10, 2])
    heard.splice(0)
    await Promise.all(Array.from({ length: 4 }, (_, i) => call('query', 'echo', `${i}`.repeat(1_500))))
    expect(heard.map((line) => line.split(',').length)).toEqual([2, 2])
  })

  test('a question too long for an address goes alone, as a body', async () => {
    const input = 'x'.repeat(5_000)
    await expect(makeCall(url)('query', 'echo', input)).resolves.toEqual({ heard: input })
    expect(heard).toEqual(['POST /echo'])
  })

  test('a change goes as a body', async () => {
    await expect(makeCall(url)('mutation', 'add', 41)).resolves.toBe(42)
    expect(heard).toEqual(['POST /add'])
  })

  test.each([
    ['a page instead of an answer', () => `${url}/away`],
    ['nobody there', () => 'http://127.0.0.1:1'],
  ])('%s is a call without an answer', async (_, at) => {
    const error = await makeCall(at())('query', 'echo', 1).catch((why: unknown) => why)
    expect(error).toBeInstanceOf(CallError)
    expect((error as CallError).data).toBeUndefined()
  })
})

describe('options of a procedure', () => {
  const trpc = proceduresOf(async (kind, path, input) => `${kind} ${path} ${JSON.stringify(input)}`)
  const input = { workspace: 'w', project: 'p' }

  test('have the keys that answers brought by the server have, too', () => {
    expect(trpc.lineage.get.queryKey(input)).toEqual([['lineage', 'get'], { input, type: 'query' }])
    expect(trpc.me.get.queryOptions().queryKey).toEqual([['me', 'get'], { type: 'query' }])
    expect(trpc.lineage.get.queryFilter(input, { exact: true })).toEqual({
      exact: true,
      queryKey: [['lineage', 'get'], { input, type: 'query' }],
    })
    expect(trpc.notes.pathFilter()).toEqual({ queryKey: [['notes']] })
  })

  test('call the procedure with the input', async () => {
    const { queryFn } = trpc.lineage.get.queryOptions(input, { staleTime: 5 })
    await expect((queryFn as () => Promise<unknown>)()).resolves.toBe(
      'query lineage.get {"workspace":"w","project":"p"}',
    )
    const { mutationFn } = trpc.notes.write.mutationOptions()
    await expect((mutationFn as (given: unknown) => Promise<unknown>)({ body: 'x' })).resolves.toBe(
      'mutation notes.write {"body":"x"}',
    )
  })

  test('are the same things each time they are asked for', () => {
    expect(trpc.lineage.get.queryOptions).toBe(trpc.lineage.get.queryOptions)
  })
})
