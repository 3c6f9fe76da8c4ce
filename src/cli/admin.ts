import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { KEY_SCOPES } from '#src/core/roles/permissions.ts'
import { checkServer } from '#src/db/check-server.ts'
import { type Distribution, distribute } from '#src/db/citus/distribute.ts'
import type { DatabaseTarget, Sql } from '#src/db/clients.ts'
import { migrate, schemaVersion } from '#src/db/migrate.ts'
import { borrowDatabase } from '#src/db/serve-database.ts'
import type { Settings } from '#src/env.ts'
import { KeyInput } from '#src/protocol/keys.ts'
import { readSettings } from '#src/server/read-settings.ts'
import { mintRegistrationToken } from '#src/services/agents/registration-tokens.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { mintSignInLink } from '#src/services/auth/mint-sign-in-link.ts'
import { FIRST_WORKSPACE, setUpInstance } from '#src/services/auth/set-up-instance.ts'
import type { Context, Log, Services } from '#src/services/context.ts'
import { mintKey } from '#src/services/keys/mint.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import type { MetricStore } from '#src/services/metrics/store.ts'

type Print = (text: string) => void

/** Adds `descent admin …`: what only somebody at the box may do, beside a running server or without one. */
export function registerAdmin(program: Command, print: Print = (text) => process.stdout.write(`${text}\n`)): void {
  const admin = program.command('admin').description('on the box of the server: links, keys, tokens and nodes')

  admin
    .command('sign-in-link')
    .description('print a one-time link that signs in the owner, for 24 hours')
    .option('--json', 'print {"url"}')
    .action(async (options: { json?: boolean }) => {
      const { url } = await asOperator((ctx) => mintSignInLink(ctx))
      print(options.json ? JSON.stringify({ url }) : url)
    })

  admin
    .command('key')
    .description('API keys')
    .command('create')
    .description('make an API key and print it, this once')
    .option('--workspace <slug>', 'the workspace it belongs to', FIRST_WORKSPACE.slug)
    .option('--project <slug>', 'bind it to this project; without it, to the whole workspace')
    .option('--scope <scope>', KEY_SCOPES.join(', '), 'ingest')
    .option('--name <name>', 'what it is for', 'made on the box')
    .option('--days <days>', 'how long it lives; for ever by default, admin keys 90 at most')
    .option('--json', 'print {"key", "id", …}')
    .action(async (options: KeyOptions) => {
      const minted = await asOperator(async (ctx) => {
        await setUpInstance(ctx)
        return await mintKey(ctx, { workspace: options.workspace, ...keyInput(options, ctx.services.now()) })
      })
      print(options.json ? JSON.stringify(minted) : minted.key)
    })

  admin
    .command('agent-token')
    .description('print a token with which one machine may become an agent, within an hour')
    .option('--workspace <slug>', 'the workspace it belongs to', FIRST_WORKSPACE.slug)
    .option('--queues <names>', 'queues that the agent serves, separated by commas', 'default')
    .option('--json', 'print {"token", "expires_at", "queues"}')
    .action(async (options: { workspace: string; queues: string; json?: boolean }) => {
      const minted = await asOperator(async (ctx) => {
        await setUpInstance(ctx)
        const queues = options.queues
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
        return await mintRegistrationToken(ctx, { workspace: options.workspace, queues })
      })
      print(options.json ? JSON.stringify(minted) : minted.token)
    })

  admin
    .command('distribute')
    .description('spread the points of the database over the nodes of its Citus cluster; with every server stopped')
    .option('--json', 'print {"distributed", "before", "nodes", "shards"}')
    .action(async (options: { json?: boolean }) => {
      const distribution = await distributeDatabase(readSettings())
      print(options.json ? JSON.stringify(distribution) : describeDistribution(distribution))
    })
}

/** @throws Error when there is no DATABASE_URL, or as `distribute` */
async function distributeDatabase({ databaseUrl, dataDir, projectDir }: Settings): Promise<Distribution> {
  if (databaseUrl === null)
    throw new Error('The embedded database is one machine. Set DATABASE_URL to the coordinator of a Citus cluster.')
  const database = await borrowDatabase({ databaseUrl, dataDir, projectDir })
  try {
    await checkServer(database.sql)
    await requireSchema(database)
    return await distribute(database.target)
  } finally {
    await database.end()
  }
}

/** What was done, a line per table. */
function describeDistribution({ distributed, before, nodes, shards }: Distribution): string {
  return [
    ...distributed.map(({ table, bytes }) => `${table}: distributed, ${bytes.toLocaleString('en')} bytes before`),
    ...before.map((table) => `${table}: was distributed already`),
    `${shards} shards on ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}: ${nodes.join(', ')}`,
  ].join('\n')
}

interface KeyOptions {
  workspace: string
  project?: string
  scope: string
  name: string
  days?: string
  json?: boolean
}

/** @throws Error naming the option, its value and what it may be */
function keyInput({ project, scope, name, days }: KeyOptions, now: Date): KeyInput {
  if (days !== undefined && !(Number.isInteger(Number(days)) && Number(days) > 0))
    throw new Error(`--days is "${days}"; it must be a whole number of days.`)
  const expiresAt = days === undefined ? null : new Date(now.getTime() + Number(days) * 86_400_000).toISOString()
  const parsed = KeyInput.safeParse({ project, scope, name, expires_at: expiresAt })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`--${String(issue?.path[0] ?? 'scope')} is not valid: ${issue?.message ?? 'unknown'}.`)
}

const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Runs a verb as the operator, on the database of the settings: the running server's, or one that is started for the moment. */
async function asOperator<T>(work: (ctx: Context) => Promise<T>, settings: Settings = readSettings()): Promise<T> {
  const { databaseUrl, dataDir, projectDir, publicUrl } = settings
  const database = await borrowDatabase({ databaseUrl, dataDir, projectDir })
  try {
    const { sql, db } = database
    await requireSchema(database)
    const services: Services = {
      db,
      sql,
      metrics: notHere<MetricStore>('points'),
      live: openLiveHub(QUIET),
      blobs: notHere<BlobStore>('files'),
      settings: { publicUrl, dataDir },
      log: QUIET,
      now: () => new Date(),
    }
    return await work({ actor: { kind: 'operator' }, requestId: randomUUID(), services, db })
  } finally {
    await database.end()
  }
}

/** A database that no server has used yet gets its tables; one that another version made is left alone. */
async function requireSchema({ sql, target }: { sql: Sql; target: DatabaseTarget }): Promise<void> {
  const { applied, expected, current } = await schemaVersion(sql)
  if (current) return
  if (applied > 0)
    throw new Error(
      `The database has had ${applied} migrations, this version knows ${expected}. Start the server of this version first; it brings them in step.`,
    )
  await migrate(target)
}

/** Points and files belong to the running server: two heads of one tail would not know of each other. */
function notHere<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: (_, name) => {
      throw new Error(`Broken assumption: a command of the box reaches for ${what} (${String(name)}).`)
    },
  })
}
