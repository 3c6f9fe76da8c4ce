import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClients, sqlState } from '#src/db/clients.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ empty: true })
})
afterAll(() => database.drop())

describe('values cross the driver', () => {
  it('a 64-bit integer arrives as a number, exactly or not at all', async () => {
    const [row] =
      await database.sql`select 9007199254740991::bigint as most, count(*) as none from pg_class where false`
    expect(row).toEqual({ most: Number.MAX_SAFE_INTEGER, none: 0 })
    await expect(database.sql`select 9007199254740993::bigint as beyond`).rejects.toThrow(/9007199254740993.*2\^53/)
  })

  it('arrays go in and come out, with everything that needs quoting', async () => {
    const texts = ['plain', 'a "quoted" one', 'back\\slash', 'comma, brace }', '', 'NULL', null]
    const [row] = await database.sql`
      select ${texts}::text[] as texts, ${[1, 2]}::bigint[] as bigints, ${[1.5, -2]}::float8[] as doubles,
        '{t,f}'::boolean[] as booleans, ${[]}::integer[] as nothing, ${'{{1,2},{3,4}}'}::integer[] as nested`
    expect(row).toEqual({
      texts,
      bigints: [1, 2],
      doubles: [1.5, -2],
      booleans: [true, false],
      nothing: [],
      nested: [
        [1, 2],
        [3, 4],
      ],
    })
  })

  it('a JSON value is stored as what it is, not as a string', async () => {
    const [row] = await database.sql`select jsonb_typeof(${database.sql.json({ a: 1 })}) as type`
    expect(row?.type).toBe('object')
  })

  it('bytes go in as they are, alone and beside texts, numbers and nulls', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256))
    for (const prepare of [true, false, true]) {
      const [row] = await database.sql.unsafe(
        `select $1::text as text, $2::bytea as bytes, $3::int as number, $4::bytea as empty, $5::bytea as missing,
           substring($2::bytea from 257 for 4) as part`,
        ['é', bytes, 7, Buffer.alloc(0), null],
        { prepare },
      )
      expect(row).toEqual({
        text: 'é',
        bytes,
        number: 7,
        empty: Buffer.alloc(0),
        missing: null,
        part: bytes.subarray(256, 260),
      })
    }
    const [tagged] = await database.sql`select ${bytes}::bytea as bytes, octet_length(${bytes}::bytea) as length`
    expect(tagged).toEqual({ bytes, length: 70_000 })
  })

  it('drizzle reads through a client of its own, so the raw client still gives dates', async () => {
    const [raw] = await database.sql`select now() as at`
    const [drizzled] = await database.db.execute(sql`select now() as at`)
    expect(raw?.at).toBeInstanceOf(Date)
    expect(drizzled?.at).toEqual(expect.any(String))
  })

  it('a statement over its time limit is ended by PostgreSQL', async () => {
    const clients = openClients(database.target, { max: 1, statementTimeoutMs: 100 })
    const error = await clients.sql`select pg_sleep(5)`.catch((thrown: unknown) => thrown)
    await clients.end()
    expect(sqlState(error)).toBe('57014')
  })
})
