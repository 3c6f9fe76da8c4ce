import type { Sql, TransactionSql } from '#src/db/clients.ts'

/**
 * The database, whose connection dies in a transaction before its statement number `at` (from 0), or before its commit where that is
 * the number of its statements.
 *
 * @returns `wasKilled`: false when the transaction had fewer statements, and was left alone
 */
export function dyingClient(sql: Sql, at: number): { sql: Sql; wasKilled: () => boolean } {
  let killed = false
  const kill = async (pid: number) => {
    killed = true
    await sql`select pg_terminate_backend(${pid}, 5000)`
  }
  const begin = (work: (tx: TransactionSql) => Promise<unknown>) =>
    sql.begin(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
      let count = 0
      const counted = new Proxy(tx, {
        get(target, property) {
          if (property !== 'unsafe') return Reflect.get(target, property)
          return async (...statement: Parameters<TransactionSql['unsafe']>) => {
            if (count++ === at) await kill(row?.pid ?? 0)
            return target.unsafe(...statement)
          }
        },
      })
      const result = await work(counted)
      if (count === at) await kill(row?.pid ?? 0)
      return result
    })
  const dying = new Proxy(sql, {
    get: (target, property) => (property === 'begin' ? begin : Reflect.get(target, property)),
  })
  return { sql: dying, wasKilled: () => killed }
}
