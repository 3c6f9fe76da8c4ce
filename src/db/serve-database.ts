import { checkServer, type ServerFacts } from './check-server.ts'
import { type CitusFacts, findCitus } from './citus/find-citus.ts'
import { type DatabaseClients, type DatabaseTarget, openClients } from './clients.ts'
import { type Engine, type EngineState, openEngine } from './engine/open.ts'
import { type ServerLock, takeServerLock } from './lock.ts'
import { migrate, schemaVersion } from './migrate.ts'

export type DatabaseRequest = {
  /** A PostgreSQL server; null or absent = the embedded engine. */
  databaseUrl?: string | null
  dataDir: string
  projectDir: string
  /** Takes sentences for the log. */
  log?: (sentence: string) => void
}

export type ServeOptions = DatabaseRequest & {
  /** Connections of each of the two clients. */
  max?: number
  /** `manual` refuses to serve a database whose schema is not this build's. */
  migrations?: 'at start' | 'manual'
  /** How long another server on the same data folder is waited for. */
  lockWaitMs?: number
  /** Called once when this process cannot go on: the engine does not come back, or another server has its lock. Exit with 1. */
  onFatal?: (error: unknown) => void
}

export type ServedDatabase = DatabaseClients & {
  target: DatabaseTarget
  facts: ServerFacts
  /** Null without Citus. With it the data plane is distributed as a whole, or not at all. */
  citus: CitusFacts | null
  /** Sentences to print at start. */
  notices: string[]
  /** Tags of the migrations that this start applied. */
  applied: string[]
  /** Null at a DATABASE_URL. */
  engine: Engine | null
  /** False while the engine is away or the server's lock is lost: answer 503 with `Retry-After`, take no writes. */
  isAvailable: () => boolean
  /** Ends the clients, gives the lock back and stops the engine. */
  stop: () => Promise<void>
}

/**
 * All that a server does with its database at start, in order: engine, lock, migrations, clients, check. At a DATABASE_URL there is no
 * engine and no server's lock: several servers may use it.
 *
 * @throws EngineError, DatabaseHeldError, and the errors of `migrate` and `checkServer`; the engine of a living server is left alone
 */
export async function serveDatabase(options: ServeOptions): Promise<ServedDatabase> {
  let fatal = false
  const onFatal = (error: unknown) => {
    if (fatal) return
    fatal = true
    options.onFatal?.(error)
  }
  const engine = await openUnlessExternal(options, (state, error) => {
    if (state === 'failed') onFatal(error)
  })
  const target = engine?.target ?? externalTarget(options)
  let lock: ServerLock | null = null
  let clients: DatabaseClients | null = null
  try {
    lock = engine && (await takeServerLock(target, { waitMs: options.lockWaitMs ?? 10_000, onTakenAway: onFatal }))
    clients = openClients(target, options.max === undefined ? {} : { max: options.max })
    const facts = await checkServer(clients.sql)
    const applied = options.migrations === 'manual' ? [] : await migrate(target)
    const version = await schemaVersion(clients.sql)
    if (!version.current)
      throw new Error(
        `The database has had ${version.applied} migrations, this build needs ${version.expected}. Run: npx descent migrate`,
      )
    const citus = await findCitus(clients.sql)
    if (citus) refuseHalfDistributed(citus)
    await lock?.sign()
    return { ...clients, ...parts(engine, lock, clients), target, facts, citus, applied }
  } catch (error) {
    await clients?.end()
    await lock?.release()
    // Only who held the lock may stop the engine: it may be another server's.
    if (lock) await engine?.stop()
    else engine?.leave()
    throw error
  }
}

/**
 * The database for a command that runs beside a server, or without one: no lock is taken. An engine that was not running is stopped
 * again at the end, unless a server has begun to use it.
 */
export async function borrowDatabase(options: DatabaseRequest): Promise<DatabaseClients & { target: DatabaseTarget }> {
  const engine = await openUnlessExternal(options)
  const target = engine?.target ?? externalTarget(options)
  const clients = openClients(target, { max: 2, name: 'descent command' })
  const end = async () => {
    await clients.end()
    if (!engine) return
    const lock = engine.adopted ? null : await takeServerLock(target, { waitMs: 0 }).catch(() => null)
    if (!lock) return engine.leave()
    await lock.release()
    await engine.stop()
  }
  return { ...clients, target, end }
}

function parts(engine: Engine | null, lock: ServerLock | null, clients: DatabaseClients) {
  return {
    engine,
    notices: engine?.notices ?? [],
    isAvailable: () => (engine === null || engine.state() === 'running') && (lock === null || lock.isHeld()),
    stop: async () => {
      await clients.end()
      await lock?.release()
      await engine?.stop()
    },
  }
}

async function openUnlessExternal(
  { databaseUrl, dataDir, projectDir, log = () => {} }: DatabaseRequest,
  onState: (state: EngineState, error?: unknown) => void = () => {},
): Promise<Engine | null> {
  if (databaseUrl) return null
  return openEngine({ dataDir, projectDir, log, onState })
}

/** Joins of a distributed table with a local one are refused by Citus, and a transaction over both is not atomic. */
function refuseHalfDistributed({ distributed, local }: CitusFacts): void {
  if (distributed.length > 0 && local.length > 0)
    throw new Error(
      `Of the data plane ${local.join(', ')} lie${local.length === 1 ? 's' : ''} on the coordinator only, the other tables on the nodes of Citus. With every server stopped, run: npx descent admin distribute`,
    )
}

function externalTarget({ databaseUrl }: DatabaseRequest): DatabaseTarget {
  if (!databaseUrl) throw new Error('There is neither an embedded engine nor a DATABASE_URL.')
  return { kind: 'url', url: databaseUrl }
}
