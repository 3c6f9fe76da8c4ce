import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type DatabaseTarget, endClient, isUnavailable, openClient, sqlState } from './clients.ts'

/** The server process that holds a database. */
export type ServerHolder = { pid: number; host: string; startedAt: Date }

export type ServerLockOptions = {
  /** How long the lock is waited for when another server has it; also how long a lost lock is tried for. */
  waitMs?: number
  /** The lock's session was lost: take no writes until `onRegained`. */
  onLost?: () => void
  onRegained?: () => void
  /** Another server has the lock now: this one must exit. */
  onTakenAway?: (error: DatabaseHeldError) => void
}

export type ServerLock = {
  isHeld: () => boolean
  /** Writes this process's name for others to read. Done when the lock is taken; call it again after the migrations have made the table. */
  sign: () => Promise<void>
  release: () => Promise<void>
}

/** Another server holds the database; `holder` is null when it has not written its name yet. */
export class DatabaseHeldError extends Error {
  readonly holder: ServerHolder | null

  constructor(holder: ServerHolder | null) {
    const who = holder
      ? `process ${holder.pid} on ${holder.host}, started ${holder.startedAt.toISOString()}`
      : 'a process that has not written its name yet'
    super(`The data folder is in use by another server: ${who}. Stop that server, or set DATA_DIR to another folder.`)
    this.name = 'DatabaseHeldError'
    this.holder = holder
  }
}

/** Any number, the same in every build. */
const SERVER_LOCK = 7_070_000
const LOOK_MS = 200

/**
 * Takes the lock that only one server of an embedded engine may hold: a session advisory lock on a connection of its own, which ends
 * with the process whatever ends it. When the connection is lost, the lock is taken again in the background.
 *
 * @throws DatabaseHeldError when another server holds it for longer than `waitMs`
 */
export async function takeServerLock(target: DatabaseTarget, options: ServerLockOptions = {}): Promise<ServerLock> {
  const { waitMs = 10_000 } = options
  const self: ServerHolder = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(Date.now() - process.uptime() * 1_000),
  }
  let held = false
  /** Has the lock been taken for the first time? Until then nobody has to be told of a lost connection. */
  let inUse = false
  let released = false
  const client = openClient(target, { max: 1, name: 'descent lock', statementTimeoutMs: 5_000, onClose: lose })

  function lose(): void {
    if (!held) return
    held = false
    if (!inUse || released) return
    options.onLost?.()
    regain().catch((error: unknown) => {
      // What is neither "unavailable" nor "taken" must not pass for a lock that will come back.
      options.onTakenAway?.(
        error instanceof DatabaseHeldError ? error : Object.assign(new DatabaseHeldError(null), { cause: error }),
      )
    })
  }

  async function tryOnce(): Promise<boolean> {
    const [row] = await client<{ got: boolean }[]>`select pg_try_advisory_lock(${SERVER_LOCK}) as got`
    held = row?.got === true
    if (held) await sign()
    return held
  }

  async function sign(): Promise<void> {
    if (!held) return
    await client`
      insert into server_holder (id, pid, host, started_at) values (1, ${self.pid}, ${self.host}, ${self.startedAt})
      on conflict (id) do update set pid = excluded.pid, host = excluded.host, started_at = excluded.started_at`.catch(
      ignoreMissingTable,
    )
  }

  async function findHolder(): Promise<ServerHolder | null> {
    const rows = await client<ServerHolder[]>`select pid, host, started_at as "startedAt" from server_holder`.catch(
      ignoreMissingTable,
    )
    return rows?.[0] ?? null
  }

  async function regain(): Promise<void> {
    let refusedSince: number | null = null
    while (!released) {
      try {
        if (await tryOnce()) return options.onRegained?.()
        const holder = await findHolder()
        // Our own name: the backend of the lost session has not ended yet.
        const isAnother = holder !== null && (holder.pid !== self.pid || holder.host !== self.host)
        refusedSince ??= Date.now()
        if (isAnother || Date.now() - refusedSince > waitMs) throw new DatabaseHeldError(holder)
      } catch (error) {
        if (!isUnavailable(error)) throw error
      }
      await pause(LOOK_MS)
    }
  }

  try {
    const deadline = Date.now() + waitMs
    while (!(await tryOnce().catch(falseWhileUnavailable(deadline)))) {
      if (Date.now() > deadline) throw new DatabaseHeldError(await findHolder())
      await pause(LOOK_MS)
    }
  } catch (error) {
    released = true
    await endClient(client)
    throw error
  }
  inUse = true
  return {
    isHeld: () => held,
    sign,
    release: async () => {
      released = true
      await endClient(client)
      held = false
    },
  }
}

/** The holder that stops takes its engine down with it: that is no reason to give up before the wait is over. */
function falseWhileUnavailable(deadline: number): (error: unknown) => boolean {
  return (error) => {
    if (isUnavailable(error) && Date.now() < deadline) return false
    throw error
  }
}

function ignoreMissingTable(error: unknown): null {
  if (sqlState(error) !== '42P01') throw error
  return null
}
