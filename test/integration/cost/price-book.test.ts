/** The price book, entries and allocations through the machine door: real requests, a real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { v1Routes } from '#src/api/v1/routes.ts'
import type { RunCost } from '#src/protocol/cost.ts'
import type { PricedRecord } from '#src/protocol/priced-records.ts'
import type { PriceBook } from '#src/protocol/prices.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Context } from '#src/services/context.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { at, DAY, makePastRun } from './world.ts'

let lab: Lab
let app: ReturnType<typeof createV1>
let caller: Actor
beforeAll(async () => {
  lab = await openLab()
  app = createV1({ services: lab.services, identify: async () => caller, closed: () => null })
})
afterAll(() => lab.close())
beforeEach(() => {
  caller = lab.key('admin').actor
})

async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<{ status: number; body: T; text: string }> {
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer x', ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : null) as T, text }
}

const L4 = { device: 'L4', currency: 'USD', typical: '1', source: 'a test list', priced_on: DAY }
let books = 0
const newBook = () => `book-${++books}`
const rows = async () =>
  (
    await lab.database
      .sql`select (select count(*)::int from prices) as prices, (select count(*)::int from currency_rates) as rates,
      (select count(*)::int from cost_entries) as entries, (select count(*)::int from allocations) as allocations,
      (select count(*)::int from priced_records) as records`
  )[0]

describe('the price book', () => {
  test('holds the built-in prices with their sources and dates, and marks what is assumed', async () => {
    const { body } = await call<PriceBook>('GET', `/price-book?book=${newBook()}`)
    const of = (device: string) => body.prices.find((price) => price.device === device)
    expect(of('H100 SXM')).toMatchObject({
      low: '2.4',
      typical: '3',
      high: '12.29',
      priced_on: '2026-11-09',
      currency: 'USD',
    })
    expect(of('cpu-core')).toMatchObject({ typical: '0.04', assumed: true, origin: 'built_in', in_use: true })
  })

  test('takes a price of the workspace, which goes before the built-in one and leaves it readable', async () => {
    const book = newBook()
    const { status, body } = await call<PriceBook>('POST', '/price-book', { book, prices: [L4] })
    expect(status).toBe(201)
    expect(body.prices.filter(({ device }) => device === 'L4').map(({ origin, in_use }) => [origin, in_use])).toEqual([
      ['built_in', false],
      ['workspace', true],
    ])
  })

  test.each(['json', 'csv'] as const)(
    'goes out as %s, comes into an empty book, and goes out the same',
    async (format) => {
      const [from, to] = [newBook(), newBook()]
      await call('POST', '/price-book', {
        book: from,
        prices: [
          { ...L4, low: 0.5, high: '2.250', provider: 'GCP', region: 'europe-west4', commitment: 'spot' },
          {
            ...L4,
            valid_from: '2026-04-01',
            valid_to: '2026-05-01',
            paid: '0.9',
            source: 'a "quoted", =list\nof two lines',
          },
          L4,
          L4,
        ],
        rates: [{ from: 'EUR', to: 'USD', rate: '1.0850', on: DAY, source: 'a test bank' }],
      })
      const out = await call('GET', `/price-book/export?book=${from}&format=${format}`)
      const type = format === 'csv' ? 'text/csv' : 'application/json'
      const first = await call('POST', `/price-book/import?book=${to}&format=${format}`, out.text, type)
      expect(first).toMatchObject({ status: 200, body: { prices_added: 4, rates_added: 1, unchanged: 18 } })
      expect((await call('GET', `/price-book/export?book=${to}&format=${format}`)).text).toBe(out.text)
      const again = await call('POST', `/price-book/import?book=${to}&format=${format}`, out.text, type)
      expect(again.body).toEqual({ prices_added: 0, rates_added: 0, unchanged: 23 })
    },
  )

  test('is never overwritten: the database refuses to change a price, a rate or a kept total', async () => {
    await call('POST', '/price-book', {
      book: newBook(),
      prices: [L4],
      rates: [{ from: 'EUR', to: 'USD', rate: 1, on: DAY, source: 'x' }],
    })
    for (const table of ['prices', 'currency_rates'])
      await expect(lab.database.sql.unsafe(`update ${table} set source = 'another'`)).rejects.toThrow('append-only')
  })

  test('a re-price leaves the old total readable, and the old book can be reckoned with again', async () => {
    const book = newBook()
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const { number } = await makePastRun(lab, slug, { experiment: 'base', attempts: [{ from: 0, to: 3 }] })
    await call('POST', '/price-book', { book, prices: [L4] })
    const reprice = () => call<PricedRecord>('POST', `/projects/${slug}/cost/records`, { of: 'run', run: number, book })
    const before = await reprice()
    expect(before).toMatchObject({ status: 201, body: { total: { amounts: [{ amount: '3' }] } } })
    await new Promise((done) => setTimeout(done, 5))
    await call('POST', '/price-book', { book, prices: [{ ...L4, typical: '2', source: 'a newer list' }] })
    expect((await reprice()).body.total.amounts[0]?.amount).toBe('6')
    const { body } = await call<{ items: PricedRecord[] }>('GET', `/projects/${slug}/cost/records`)
    expect(body.items.map(({ total, sources }) => [total.amounts[0]?.amount, sources[0]?.source])).toEqual([
      ['6', 'a newer list'],
      ['3', 'a test list'],
    ])
    const then = `/projects/${slug}/runs/${number}/cost?book=${book}&as_of=${encodeURIComponent(before.body.as_of)}`
    expect((await call<RunCost>('GET', then)).body.total.amounts[0]?.amount).toBe('3')
    await expect(lab.database.sql`update priced_records set total = '{}'`).rejects.toThrow('append-only')
  })
})

describe('bad input is named, and nothing is written', () => {
  const bad = (price: object) => ({ book: 'bad', prices: [L4, { ...L4, ...price }] })
  test.each([
    ['a negative price', bad({ typical: -1 }), '/prices/1/typical', 'typical must not be negative, got -1'],
    [
      'an unknown currency',
      bad({ currency: 'USX' }),
      '/prices/1/currency',
      'currency must be a currency of ISO 4217 such as USD or EUR, got "USX"',
    ],
    ['low above high', bad({ low: 3, high: 2 }), '/prices/1/low', 'low must not be above typical (1) for L4, got 3'],
    ['a day that is none', bad({ valid_from: '2026-13-01' }), '/prices/1/valid_from', 'valid_from must be a day'],
    ['no records', { book: 'bad' }, '/prices', 'prices or rates must hold at least one record'],
    [
      'a rate of an unknown currency',
      { book: 'bad', prices: [L4], rates: [{ from: 'EUR', to: 'XXZ', rate: 1, on: DAY, source: 'x' }] },
      '/rates/0/to',
      'to must be a currency of ISO 4217',
    ],
    [
      'a rate of 0',
      { book: 'bad', rates: [{ from: 'EUR', to: 'USD', rate: 0, on: DAY, source: 'x' }] },
      '/rates/0/rate',
      'rate must be above 0, got 0',
    ],
  ])('prices: %s', async (_, body, pointer, message) => {
    const before = await rows()
    const answer = await call('POST', '/price-book', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } })
    expect(answer.body.detail).toContain(message)
    expect(await rows()).toEqual(before)
  })

  test.each([
    [
      'csv',
      'record,device,currency,typical,source\nprice,L4,USD,1,x\nprice,T4,USD,-2,x\n',
      'typical must not be negative, got -2',
    ],
    ['csv', 'record,colour\n', 'column "colour" is not known'],
    ['json', '{"format":"descent-price-book"', 'The file is no JSON'],
    ['json', '{"format":"another","version":1,"prices":[]}', '/format'],
  ] as const)('a file of %s: %s', async (format, text, message) => {
    const before = await rows()
    const type = format === 'csv' ? 'text/csv' : 'application/json'
    const answer = await call('POST', `/price-book/import?book=bad&format=${format}`, text, type)
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toContain(message)
    expect(await rows()).toEqual(before)
  })

  test('entries and allocations', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    const run = await makePastRun(lab, slug, { experiment: 'base', attempts: [{ from: 0, to: 3 }] })
    const entry = { kind: 'labels', amount: '5', currency: 'USD', on: DAY }
    const held = {
      device_kind: 'gpu',
      device_name: 'NVIDIA L4',
      count: 1,
      device_uuids: ['GPU-a'],
      started_at: at(10),
      ended_at: at(12),
    }
    const hold = (...allocations: object[]) => call('POST', `/runs/${run.uid}/allocations`, { allocations })
    expect((await hold(held)).status).toBe(201)
    const before = await rows()
    const entries = `/projects/${slug}/experiments/base/cost/entries`
    const answers = [
      [await call('POST', entries, { ...entry, amount: '-5' }), 400, 'amount must not be negative, got -5'],
      [await call('POST', entries, { ...entry, currency: 'DOL' }), 400, 'currency must be a currency of ISO 4217'],
      [
        await call('POST', entries, { ...entry, amount: null }),
        400,
        'amount, or quantity and per_unit, must say what it cost',
      ],
      [
        await call('POST', entries, { ...entry, quantity: 2, unit: 'labels', per_unit: 3 }),
        400,
        'amount must be quantity × per_unit (6)',
      ],
      [await call('POST', entries, { ...entry, run: 9999 }), 404, 'The run 9999 of base'],
      [await hold({ ...held, started_at: at(15), ended_at: at(14) }), 400, `by run ${run.number}, attempt 1, ends (`],
      [
        await hold({ ...held, started_at: at(11), ended_at: at(13) }),
        409,
        `GPU-a is held by run ${run.number}, attempt 1, from ${at(10)} to ${at(12)}`,
      ],
      [
        await hold(
          { ...held, started_at: at(20), ended_at: at(22) },
          { ...held, started_at: at(21), ended_at: at(23) },
        ),
        400,
        'holds GPU-a from',
      ],
      [
        await hold({ ...held, attempt: 7, started_at: at(20), ended_at: at(21) }),
        400,
        `Run ${run.number} has no attempt 7; it has 1.`,
      ],
      [await hold({ ...held, device_uuids: [] }), 409, 'holds 1 × NVIDIA L4 from'],
    ] as const
    for (const [answer, status, message] of answers) {
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(message)])
    }
    expect(await rows()).toEqual(before)
  })
})

test('an entry is corrected by another, once; both stay readable', async () => {
  const { slug } = await makeProject(lab)
  await makeExperiment(lab, slug, 'base')
  const entries = `/projects/${slug}/experiments/base/cost/entries`
  const entry = { kind: 'storage', quantity: '120', unit: 'GB-month', per_unit: '0.02', currency: 'EUR', on: DAY }
  const first = await call('POST', entries, entry)
  expect(first).toMatchObject({ status: 201, body: { amount: '2.4', superseded_by: null } })
  const second = await call('POST', entries, { ...entry, per_unit: '0.03', supersedes: first.body.id })
  expect(second).toMatchObject({ status: 201, body: { amount: '3.6' } })
  expect((await call('POST', entries, { ...entry, supersedes: first.body.id })).status).toBe(409)
  const { body } = await call<{ items: { amount: string; superseded_by: string | null }[] }>('GET', entries)
  expect(body.items.map(({ amount, superseded_by }) => [amount, superseded_by])).toEqual([
    ['2.4', second.body.id],
    ['3.6', null],
  ])
  const cost = await call<{ total: unknown }>('GET', `/projects/${slug}/experiments/base/cost`)
  expect(cost.body.total).toMatchObject({ amounts: [{ currency: 'EUR', amount: '3.6' }] })
})

describe('who may', () => {
  const asks = (context: Context) => {
    caller = context.actor
  }
  test('readers see prices and costs, and set none', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    asks(lab.key('read'))
    expect((await call('GET', '/price-book')).status).toBe(200)
    expect((await call('GET', `/projects/${slug}/cost`)).status).toBe(200)
    const before = await rows()
    const refused = [
      await call('POST', '/price-book', { prices: [L4] }),
      await call('POST', '/price-book/import', '{}'),
      await call('POST', `/projects/${slug}/cost/records`, { of: 'project' }),
      await call('POST', `/projects/${slug}/experiments/base/cost/entries`, {
        kind: 'other',
        amount: 1,
        currency: 'USD',
        on: DAY,
      }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    expect(await rows()).toEqual(before)
  })
  test('an ingest key adds entries and reads no costs', async () => {
    const { slug } = await makeProject(lab)
    await makeExperiment(lab, slug, 'base')
    asks(lab.key('ingest'))
    const entry = { kind: 'api_tokens', amount: 1, currency: 'USD', on: DAY }
    expect((await call('POST', `/projects/${slug}/experiments/base/cost/entries`, entry)).status).toBe(201)
    expect((await call('GET', `/projects/${slug}/cost`)).status).toBe(403)
    expect((await call('GET', '/price-book')).status).toBe(403)
  })
  test('strangers learn nothing', async () => {
    const { slug } = await makeProject(lab)
    caller = { ...lab.key('admin').actor, workspaceId: lab.otherWorkspaceId, workspaceSlug: 'elsewhere' } as Actor
    expect((await call('GET', `/projects/${slug}/cost`)).status).toBe(404)
  })
})

test('the OpenAPI document describes every door of costs', async () => {
  const paths = v1Routes.filter(({ tag }) => tag === 'Cost').map(({ path }) => path)
  const { body } = await call<{ paths: Record<string, unknown> }>('GET', '/openapi.json')
  expect(paths.filter((path) => !(`/api/v1${path}` in body.paths))).toEqual([])
})
