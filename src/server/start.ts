import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { cookieSettings } from '#src/api/auth/session.ts'
import { type Clock, startClock } from '#src/api/clock/start-clock.ts'
import { CLOCK_TASKS } from '#src/api/clock/tasks.ts'
import { createDoors } from '#src/api/doors.ts'
import { setHost } from '#src/api/host.ts'
import { openNewsStreams } from '#src/api/live/news-streams.ts'
import { makeHost } from '#src/api/make-host.ts'
import { createScreenLive } from '#src/api/screen/live.ts'
import { createBatchDoor } from '#src/api/v1/batch-door.ts'
import { createLiveDoor } from '#src/api/v1/live-door.ts'
import { schemaVersion } from '#src/db/migrate.ts'
import { type ServedDatabase, serveDatabase } from '#src/db/serve-database.ts'
import type { Settings } from '#src/env.ts'
import { openIdentifier } from '#src/services/auth/identify-token.ts'
import { mintSetupLink } from '#src/services/auth/mint-sign-in-link.ts'
import type { Context, Services } from '#src/services/context.ts'
import { endClaimWaits } from '#src/services/jobs/claim-waiters.ts'
import { notifyProcesses, type Processes } from '#src/services/live/notify-processes.ts'
import { authSecret } from './auth-secret.ts'
import { addressPrefix } from './client-address.ts'
import { makeDataFolder } from './data-folder.ts'
import { createHealth } from './health.ts'
import { createListener, type Handlers } from './listener.ts'
import { createLog } from './log.ts'
import { type Nodes, openNodes } from './nodes.ts'
import { openPages, type Pages } from './pages.ts'
import { shutDown, trackAnswers } from './shutdown.ts'
import { openStores } from './stores.ts'

export interface StartOptions {
  dev: boolean
  /** Doors alone, without Next. */
  pages: boolean
  /** Called when the process cannot go on. */
  onFatal: (error: unknown) => void
}

export interface RunningServer {
  url: string
  /** The link that makes the owner, while the instance is empty. */
  setupLink: string | null
  /** Sentences for the person who started the server. */
  notices: readonly string[]
  stop(): Promise<void>
}

const HEADERS_MS_MAX = 20_000
const HEADER_BYTES_MAX = 16 * 1024
/** Longer than the 60 s after which common proxies drop an idle connection: they must be the ones to close it. */
const KEEP_ALIVE_MS = 75_000
const SCHEMA_LOOK_MS = 5_000

/**
 * Starts everything, in order: the port (so that one in use is told before anything else happens), the database with its lock and
 * migrations, the services, the doors, and beside them the pages.
 *
 * @throws Error with one clear sentence; what had been started is stopped
 */
export async function startServer(settings: Settings, options: StartOptions): Promise<RunningServer> {
  const log = createLog(settings.logLevel)
  const health = createHealth()
  const answers = trackAnswers()
  const handlers: Handlers = { doors: null, pages: null }
  const hosts = allowHosts({ publicUrl: settings.publicUrl, port: settings.port, more: settings.allowedHosts })
  const listener = createListener({ settings, hosts, health, handlers, log, dev: options.dev })
  const server = createServer({
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: 0,
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
  })
  server.on('request', (request, response) => {
    answers.add(response)
    if (health.closed()?.code === 'draining') response.shouldKeepAlive = false
    Promise.resolve(listener(request, response)).catch((error: unknown) => {
      log.error({ err: error }, 'A page failed.')
      response.destroy()
    })
  })
  await listen(server, settings)

  let database: ServedDatabase | null = null
  let nodes: Nodes | null = null
  let stores: Awaited<ReturnType<typeof openStores>> | null = null
  let pages: Pages | null = null
  let clock: Clock | null = null
  let services: Services | null = null
  let processes: Processes | null = null
  const stop = () =>
    shutDown({
      drain: () => {
        health.drain()
        if (services) endClaimWaits(services)
      },
      delayMs: settings.shutdownDelayMs,
      server,
      answers,
      log,
      close: [
        async () => await pages?.close(),
        async () => await clock?.stop(),
        async () => await stores?.close(),
        async () => await nodes?.end(),
        async () => await processes?.close(),
        async () => await database?.stop(),
      ],
    })

  try {
    makeDataFolder(settings.dataDir)
    const secret = authSecret(settings)
    const opening = options.pages ? openPages(settings, secret, server, options.dev) : Promise.resolve(null)
    opening.catch(() => {}) // awaited below; until then a failure is no unhandled one
    database = await serveDatabase({
      databaseUrl: settings.databaseUrl,
      dataDir: settings.dataDir,
      projectDir: settings.projectDir,
      max: settings.databasePool,
      log: (sentence) => log.warn({}, sentence),
      onFatal: options.onFatal,
    })
    const { sql, db } = database
    const now = () => new Date()
    if (database.citus) nodes = openNodes(database, log)
    stores = await openStores({
      sql,
      log,
      ...(nodes && { route: nodes.route }),
      sealer: 'worker',
      target: database.target,
      artifactsDir: path.join(settings.dataDir, 'artifacts'),
    })
    services = {
      db,
      sql,
      metrics: stores.metrics,
      live: stores.live,
      blobs: stores.blobs,
      settings: { publicUrl: settings.publicUrl, dataDir: settings.dataDir },
      log,
      now,
    }
    const host = makeHost({ services, cookie: cookieSettings(settings.publicUrl, secret), addressPrefix })
    setHost(host)
    const identifier = openIdentifier({ db, now, log })
    const doorDeps: Parameters<typeof createDoors>[0] = {
      services,
      hosts,
      identify: identifier.identify,
      getActor: host.getActor,
      closed: health.closed,
      ...(log.isLevelEnabled('debug') && { trace: (fields, sentence) => log.debug(fields, sentence) }),
    }
    handlers.doors = createDoors(doorDeps)
    handlers.batches = createBatchDoor(doorDeps)
    if (settings.databaseUrl !== null)
      processes = notifyProcesses({
        target: database.target,
        sql,
        hub: stores.live,
        log,
        onForeign: stores.metrics.noteForeignWrites,
      })
    const streams = openNewsStreams(services)
    handlers.live = [createLiveDoor(doorDeps, streams), createScreenLive(doorDeps, streams)]
    pages = await opening
    handlers.pages = pages?.handle ?? null
    const operator: Context = { actor: { kind: 'operator' }, requestId: randomUUID(), services, db }
    const setupLink = await mintSetupLink(operator)
    health.begin({
      isAvailable: database.isAvailable,
      ping: () => sql`select 1`,
      isSchemaCurrent: remember(SCHEMA_LOOK_MS, async () => (await schemaVersion(sql)).current),
      freeBytes: () => freeBytes(settings.dataDir),
    })
    clock = startClock(services, CLOCK_TASKS, () => health.closed() === null)
    for (const setting of database.facts.unsafeSettings)
      log.warn({ setting }, `${setting} is off: what was acknowledged may be lost when the machine loses power.`)
    log.info(
      {
        url: settings.publicUrl,
        postgres: database.facts.version,
        migrations: database.applied,
        ...(database.citus && { citus: database.citus.version, distributed: nodes !== null }),
        pages: pages !== null,
      },
      'Ready.',
    )
    return { url: settings.publicUrl, setupLink, notices: database.notices, stop }
  } catch (error) {
    await shutDown({
      drain: health.drain,
      delayMs: 0,
      server,
      answers,
      log: { ...log, info: () => {}, warn: log.warn.bind(log), error: log.error.bind(log) },
      close: [
        async () => await stores?.close(),
        async () => await processes?.close(),
        async () => await nodes?.end(),
        async () => await database?.stop(),
      ],
    })
    throw error
  }
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyNoPort(error, host, port), { cause: error })),
    )
    server.listen(port, host, resolve)
  })
}

function whyNoPort(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Stop what uses it, or set PORT to another: PORT=${port + 1} npm start`
  if (error.code === 'EACCES') return `Port ${port} needs special rights. Set PORT to one above 1023.`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST is "${host}", which is no address of this machine. Set it to 127.0.0.1, or to 0.0.0.0 for all.`
  return `The server cannot listen on ${host}:${port}: ${error.message}`
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Asks at most every so often. */
function remember<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | null = null
  return () => {
    if (last && Date.now() - last.at < ms) return last.answer
    const answer = ask()
    last = { at: Date.now(), answer }
    answer.catch(() => {
      last = null
    })
    return answer
  }
}
