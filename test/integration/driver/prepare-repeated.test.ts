import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatabaseClients, endClient, openClient, openClients } from '#src/db/clients.ts'
import { prepareRepeated } from '#src/db/prepare-repeated.ts'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'

let database: TestDatabase
let clients: DatabaseClients
beforeAll(async () => {
  database = await testDatabase({ empty: true })
  clients = openClients(database.target, { max: 1 })
})
afterAll(async () => {
  await clients.end()
  await database.drop()
})

/** Texts that this connection of drizzle's has prepared and that say `word`. */
async function prepared(word: string): Promise<number> {
  const rows = await clients.db.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`)
  return rows.filter(({ statement }) => statement.includes(word)).length
}

const add = (handle: Pick<DatabaseClients['db'], 'execute'>, a: number, name: string) =>
  handle.execute<{ sum: number }>(sql`select ${a}::int + 1 as sum, ${name}::text as repeated_once_more`)

test('a statement that repeats is prepared from its third time on, and answers the same', async () => {
  for (let i = 0; i < 5; i++) {
    expect([...(await add(clients.db, i, 'x'))]).toEqual([{ sum: i + 1, repeated_once_more: 'x' }])
    expect(await prepared('repeated_once_more')).toBe(i < 2 ? 0 : 1)
  }
})

test('inside a transaction and its savepoint too; what fails there undoes the same as before', async () => {
  const inside = (handle: Pick<DatabaseClients['db'], 'execute'>, n: number) =>
    handle.execute(sql`select ${n}::int as inside_a_transaction`)
  await clients.db.transaction(async (tx) => {
    await inside(tx, 1)
    await tx.transaction(async (deeper) => {
      await inside(deeper, 2)
      await inside(deeper, 3)
    })
  })
  expect(await prepared('inside_a_transaction')).toBe(1)
  await clients.db.execute(sql`create temporary table kept (n int)`)
  const put = (handle: Pick<DatabaseClients['db'], 'execute'>, n: number) =>
    handle.execute(sql`insert into kept select ${n}::int`)
  for (let n = 0; n < 3; n++) await put(clients.db, n)
  await expect(
    clients.db.transaction(async (tx) => {
      await put(tx, 4)
      await tx.execute(sql`select 1 / ${0}::int`)
    }),
  ).rejects.toThrow()
  const [row] = await clients.db.execute<{ n: number }>(sql`select count(*)::int as n from kept`)
  expect(row?.n).toBe(3)
})

test('a table that changed under a prepared statement is read as it is now', async () => {
  await clients.db.execute(sql`create temporary table grows (a int)`)
  await clients.db.execute(sql`insert into grows values (1)`)
  const all = () => clients.db.execute(sql`select * from grows where a = ${1}::int`)
  for (let i = 0; i < 3; i++) expect([...(await all())]).toEqual([{ a: 1 }])
  await clients.db.execute(sql`alter table grows add column b int default 2`)
  expect([...(await all())]).toEqual([{ a: 1, b: 2 }])
})

test('no more texts are prepared than may be; the others run as before', async () => {
  const client = openClient(database.target, { max: 1, name: 'of few texts', statementTimeoutMs: 10_000 })
  const db = drizzle(prepareRepeated(client, 2))
  const one = (name: string) => db.execute(sql`select ${1}::int as ${sql.identifier(name)}`)
  for (let times = 0; times < 4; times++)
    for (const name of ['few_a', 'few_b', 'few_c']) expect([...(await one(name))]).toEqual([{ [name]: 1 }])
  const rows = await db.execute<{ statement: string }>(sql`select statement from pg_prepared_statements`)
  expect(rows.filter(({ statement }) => statement.includes('few_'))).toHaveLength(2)
  await endClient(client)
})
