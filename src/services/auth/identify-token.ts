import { timingSafeEqual } from 'node:crypto'
import { parseToken, TOKEN_CHECKSUM_LENGTH, TOKEN_SECRET_LENGTH, type Token } from '../../core/auth/token.ts'
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
  /** Read again after this, ms. */
  until: number
  /** Its own end, ms; infinity without one. */
  expiresMs: number
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

/** A look-up of a row, under way or done. */
interface Look {
  row: Promise<Found | null>
  /** The bytes of the token whose secret matched the row, and what it gave. */
  proven: { token: Buffer; found: Found } | null
}

/**
 * Tells who a bearer token belongs to. Noise is refused by its checksum, before any SQL; what was sent is compared in constant time at
 * every call: with the row's hash, or with a token that matched that hash while the row is cached.
 */
export function openIdentifier({ db, now, log }: { db: Db; now: () => Date; log: Log }): Identifier {
  const cache = new Map<string, Look>()

  function look(name: string, token: Token): Look {
    const cached = cache.get(name)
    if (cached) return cached
    if (cache.size >= CACHED_MAX) cache.clear()
    const made: Look = { row: find(db, token, now, log), proven: null }
    cache.set(name, made)
    const forget = () => {
      if (cache.get(name) === made) cache.delete(name)
    }
    made.row.then((row) => (row ? setTimeout(forget, TOKEN_CACHE_MS).unref() : forget()), forget)
    return made
  }

  /** The actor of a token that was proven and is still fresh. Parsing and hashing it again would take a tenth of a small request. */
  function recall(text: string): Actor | null {
    const proven = cache.get(text.slice(NAME_FROM, NAME_END))?.proven
    if (!proven || proven.found.until < now().getTime()) return null
    const sent = Buffer.from(text)
    return sent.length === proven.token.length && timingSafeEqual(sent, proven.token) ? proven.found.actor : null
  }

  return {
    identify: async (text) => {
      if (text === null) throw unauthenticated('No key was sent.')
      const recalled = recall(text)
      if (recalled) return recalled
      const token = parseToken(text)
      if (!token || token.type === 'reg') throw unauthenticated()
      const name = nameOf(token)
      let looked = look(name, token)
      let found = await looked.row
      if (found && found.until < now().getTime()) {
        // What is cached is too old, which says nothing about the key: its row is read again.
        if (cache.get(name) === looked) cache.delete(name)
        looked = look(name, token)
        found = await looked.row
      }
      // However long the look-up took: what it found is as new as the question.
      if (!found || found.expiresMs < now().getTime()) throw unauthenticated()
      if (!timingSafeEqual(found.secretHash, Buffer.from(hashSecret(token.secret), 'hex'))) throw unauthenticated()
      looked.proven = { token: Buffer.from(text), found }
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

/** Where type and public id, the name of a look-up, stand in a token's text; the end is counted from the text's end. */
const NAME_FROM = 'dsc_'.length
const NAME_END = -(TOKEN_SECRET_LENGTH + TOKEN_CHECKSUM_LENGTH)

const nameOf = (token: Token) => `${token.type}-${token.id}`

const unauthenticated = (why = 'The key is not known here, has expired or was revoked.') =>
  new Refusal('unauthenticated', `${why} Send a valid one as "Authorization: Bearer dsc_…"; settings, keys makes one.`)

const SCOPES = { ing: 'ingest', read: 'read', adm: 'admin' } as const

async function find(db: Db, token: Token, now: () => Date, log: Log): Promise<Found | null> {
  const startedAt = now().getTime()
  const ends = (expiresAt: string | null) => {
    const expiresMs = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
    return { expiresMs, until: Math.min(startedAt + TOKEN_CACHE_MS, expiresMs) }
  }
  if (token.type === 'agt') {
    const row = await findAgentToken(db, token.id)
    if (!row) return null
    const { secretHash, expiresAt, ...agent } = row
    return { actor: { kind: 'agent', ...agent }, secretHash: Buffer.from(secretHash, 'hex'), ...ends(expiresAt) }
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
      ...ends(expiresAt),
    }
  }
  if (token.type === 'reg') return null
  const row = await findApiKey(db, token.id)
  if (!row || row.scope !== SCOPES[token.type]) return null
  const { id, secretHash, expiresAt, ...key } = row
  return {
    actor: { kind: 'apiKey', keyId: id, ...key },
    secretHash: Buffer.from(secretHash, 'hex'),
    ...ends(expiresAt),
    onUse: () => {
      touchApiKey(db, workspaceScope(row.workspaceId), id).catch((error: unknown) =>
        log.warn({ err: error, key: id }, 'The use of a key could not be noted.'),
      )
    },
  }
}
