import { type AnySql, type DatabaseTarget, endClient, openClient, sqlState, type TransactionSql } from './clients.ts'
import { type Migration, migrationsFolder, readMigrations } from './migrations-folder.ts'

export type MigrateOptions = {
  /** Folder with the numbered SQL files and `meta/_journal.json`; the project's `drizzle/` by default. */
  folder?: string
  /** How long another server's migration is waited for. */
  waitMs?: number
  /** How long a statement may wait for a table that is in use. */
  lockTimeoutMs?: number
}

export type SchemaVersion = {
  /** Migrations that the database has had. */
  applied: number
  /** Migrations that this build knows. */
  expected: number
  /** Is the schema exactly the one that this build was made for? */
  current: boolean
}

type AppliedMigration = { hash: string; madeAt: number }

/** Any number, the same in every build: who holds it may migrate. */
const MIGRATION_LOCK = 7_070_001

/**
 * Brings the database to this build's schema. All that is missing is applied in one transaction under an advisory lock, so two servers
 * that start at once apply each migration once, and after a failure or a kill in the middle the database is as it was. The table of
 * what was applied is drizzle-kit's own.
 *
 * @returns the tags that were applied now, oldest first
 * @throws Error when a migration fails (named), was changed after it had been applied, or when the database comes from a newer version
 */
export async function migrate(target: DatabaseTarget, options: MigrateOptions = {}): Promise<string[]> {
  const { waitMs = 60_000, lockTimeoutMs = 5_000 } = options
  const migrations = readMigrations(options.folder ?? migrationsFolder())
  const client = openClient(target, { max: 1, name: 'descent migrations', statementTimeoutMs: 0 })
  try {
    return await client.begin(async (tx) => {
      await waitForTurn(tx, waitMs)
      await tx`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`
      await tx`create schema if not exists drizzle`
      await tx`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`
      const applied = await readApplied(tx)
      refuseForeignSchema(applied, migrations)
      const due = migrations.slice(applied.length)
      for (const migration of due) await apply(tx, migration)
      return due.map((migration) => migration.tag)
    })
  } finally {
    await endClient(client)
  }
}

/** What the database has had against what this build knows; for `/readyz` and the start. */
export async function schemaVersion(sql: AnySql, folder = migrationsFolder()): Promise<SchemaVersion> {
  const migrations = readMigrations(folder)
  const applied = await readApplied(sql).catch((error: unknown) => {
    if (sqlState(error) === '42P01') return [] // no migration has ever run here
    throw error
  })
  const same = applied.length === migrations.length && applied.every(({ hash }, i) => hash === migrations[i]?.hash)
  return { applied: applied.length, expected: migrations.length, current: same }
}

async function waitForTurn(tx: TransactionSql, waitMs: number): Promise<void> {
  await tx`select set_config('lock_timeout', ${String(waitMs)}, true)`
  try {
    await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`
  } catch (error) {
    if (sqlState(error) !== '55P03') throw error
    throw new Error(
      `Another server has been migrating this database for more than ${waitMs / 1_000} s. Wait for it to end, then start again.`,
      { cause: error },
    )
  }
}

async function readApplied(sql: AnySql): Promise<AppliedMigration[]> {
  return await sql<
    AppliedMigration[]
  >`select hash, created_at as "madeAt" from drizzle.__drizzle_migrations order by created_at, id`
}

function refuseForeignSchema(applied: AppliedMigration[], migrations: Migration[]): void {
  for (const [i, { hash, madeAt }] of applied.entries()) {
    const known = migrations[i]
    if (!known || known.madeAt !== madeAt)
      throw new Error(
        `The database is from a newer version of this software, or another one: it has had ${applied.length} migrations, this build knows ${migrations.length}, and number ${i + 1} is not among them. Start the version that made it, or use another database.`,
      )
    if (known.hash !== hash)
      throw new Error(
        `Migration ${known.tag} was changed after this database had applied it. Restore the file drizzle/${known.tag}.sql and write a new migration instead.`,
      )
  }
}

async function apply(tx: TransactionSql, migration: Migration): Promise<void> {
  try {
    for (const statement of migration.statements) await tx.unsafe(statement)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`Migration ${migration.tag} failed and nothing was changed: ${why}`, { cause: error })
  }
  await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${migration.hash}, ${migration.madeAt})`
}
