import { timingSafeEqual } from 'node:crypto'
import { parseToken, type Token } from '../../core/auth/token.ts'
import { findAgentToken, findApiKey, findJobToken } from '../../db/queries/auth/find-token-owner.ts'
import { touchApiKey } from '../../db/queries/auth/touch-api-key.ts'
import { workspaceScope } from '../../db/scope.ts'
import type { Actor } from '../actor.ts'
import type { Db, Log } from '../context.ts'
import { Refusal } from '../errors.ts'
import { hashSecret } from '../keys/new-token.ts'

/** A revoked or expired token is refused after this long at the latest; keys are checked on the hot path. */
export const TOKEN_CACHE_MS = 5_000
const CACHED_MAX = 10_000

interface Found {
  actor: Actor
  secretHash: Buffer
  /** Not used after this, ms. */
  until: number
  /** Called at the first good use of this look-up. */
  onUse?: (() => void) | undefined
}

export interface Identifier {
  /**
   * The actor behind a bearer token.
   *
   * @throws Refusal `unauthenticated` for none, a malformed, an unknown, an expired or a revoked one, all in the same words
   */
  identify(token: string | null): Promise<Actor>
  /** Forgets what is cached of one token, or of all. */
  forget(publicId?: string): void
}

/**
 * Tells who a bearer token belongs to. Noise is refused by its checksum, before any SQL; the secret is compared in constant time at
 * every call, also when the row is cached.
 */
export function openIdentifier({ db, now, log }: { db: Db; now: () => Date; log: Log }): Identifier {
  const cache = new Map<string, Promise<Found | null>>()

  function look(token: Token): Promise<Found | null> {
    const name = nameOf(token)
    const cached = cache.get(name)
    if (cached) return cached
    if (cache.size >= CACHED_MAX) cache.clear()
    const found = find(db, token, now, log)
    cache.set(name, found)
    const forget = () => {
      if (cache.get(name) === found) cache.delete(name)
    }
    found.then((row) => (row ? setTimeout(forget, TOKEN_CACHE_MS).unref() : forget()), forget)
    return found
  }

  return {
    identify: async (text) => {
      if (text === null) throw unauthenticated('No key was sent.')
      const token = parseToken(text)
      if (!token || token.type === 'reg') throw unauthenticated()
      const first = look(token)
      let found = await first
      if (found && found.until < now().getTime()) {
        // What is cached is too old, which says nothing about the key: its row is read again.
        const name = nameOf(token)
        if (cache.get(name) === first) cache.delete(name)
        found = await look(token)
      }
      if (!found || found.until < now().getTime()) throw unauthenticated()
      if (!timingSafeEqual(found.secretHash, Buffer.from(hashSecret(token.secret), 'hex'))) throw unauthenticated()
      found.onUse?.()
      found.onUse = undefined
      return found.actor
    },
    forget: (publicId) => {
      if (publicId === undefined) return cache.clear()
      for (const name of cache.keys()) if (name.endsWith(publicId)) cache.delete(name)
    },
  }
}

const nameOf = (token: Token) => `${token.type}-${token.id}`

const unauthenticated = (why = 'The key is not known here, has expired or was revoked.') =>
  new Refusal('unauthenticated', `${why} Send a valid one as "Authorization: Bearer dsc_…"; settings, keys makes one.`)

const SCOPES = { ing: 'ingest', read: 'read', adm: 'admin' } as const

async function find(db: Db, token: Token, now: () => Date, log: Log): Promise<Found | null> {
  const startedAt = now().getTime()
  const until = (expiresAt: string | null) =>
    Math.min(startedAt + TOKEN_CACHE_MS, expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt))
  if (token.type === 'agt') {
    const row = await findAgentToken(db, token.id)
    if (!row) return null
    const { secretHash, expiresAt, ...agent } = row
    return { actor: { kind: 'agent', ...agent }, secretHash: Buffer.from(secretHash, 'hex'), until: until(expiresAt) }
  }
  if (token.type === 'job') {
    const row = await findJobToken(db, token.id)
    if (!row) return null
    const { secretHash, expiresAt, inputs, ...job } = row
    const ids = inputs.flatMap((input) => (input.checkpointId === null ? [] : [input.checkpointId]))
    const target = inputs.find((input) => input.role === 'target')?.checkpointId ?? null
    return {
      actor: { kind: 'job', ...job, inputCheckpointIds: ids, targetCheckpointId: target },
      secretHash: Buffer.from(secretHash, 'hex'),
      until: until(expiresAt),
    }
  }
  if (token.type === 'reg') return null
  const row = await findApiKey(db, token.id)
  if (!row || row.scope !== SCOPES[token.type]) return null
  const { id, secretHash, expiresAt, ...key } = row
  return {
    actor: { kind: 'apiKey', keyId: id, ...key },
    secretHash: Buffer.from(secretHash, 'hex'),
    until: until(expiresAt),
    onUse: () => {
      touchApiKey(db, workspaceScope(row.workspaceId), id).catch((error: unknown) =>
        log.warn({ err: error, key: id }, 'The use of a key could not be noted.'),
      )
    },
  }
}
