import { createHmac, createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto'
import { locateAgent } from '#src/db/queries/agents/find-agent.ts'
import { workspaceScope } from '#src/db/scope.ts'
import type { AgentTokenAnswer, AgentTokenRequest } from '#src/protocol/agents.ts'
import { type Context, inTransaction } from '#src/services/context.ts'
import { Refusal } from '#src/services/errors.ts'
import { mintAccessToken } from '#src/services/keys/mint-access-token.ts'

const CHALLENGE_MS = 60_000
/** Seconds that an agent's access token lives. */
export const AGENT_TOKEN_S = 15 * 60

/**
 * Challenges are not stored: the server recognises its own by a MAC under a key that lives as long as the process. An agent whose
 * challenge was made before a restart gets 401 and asks again.
 */
const macKey = randomBytes(32)
/** Challenges that were answered well, until they are over: each counts once. */
const used = new Map<string, number>()

/**
 * The two steps by which an agent gets its access token: first a challenge, good once and for 60 s, then a token for the
 * challenge signed with the agent's key. An unknown agent gets a challenge too, so that ids cannot be tried out.
 *
 * @throws Refusal `unauthenticated` for a challenge or signature that is not good, or an agent that is unknown or revoked, all
 *   in the same words
 */
export async function issueAgentToken(ctx: Context, input: AgentTokenRequest): Promise<AgentTokenAnswer> {
  const now = ctx.services.now().getTime()
  if (input.challenge === undefined || input.signature === undefined)
    return { challenge: makeChallenge(input.agent_id, now) }
  if (!isOurs(input.challenge, input.agent_id, now) || used.has(input.challenge)) throw refused()
  const agent = await locateAgent(ctx.db, input.agent_id)
  if (!agent || !isSigned(agent.publicKey, input.challenge, input.signature)) throw refused()
  // Nothing is awaited between the check and the note, so of two answers to one challenge the second fails.
  if (used.has(input.challenge)) throw refused()
  forgetOver(now)
  used.set(input.challenge, now + CHALLENGE_MS)
  const minted = await inTransaction(ctx, (tx) =>
    mintAccessToken(tx, workspaceScope(agent.workspaceId), { kind: 'agent', agentId: agent.id }, AGENT_TOKEN_S),
  )
  return { token: minted.token, expires_at: minted.expiresAt }
}

const refused = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'This agent could not prove itself: its key does not fit, or it was revoked. Register the machine again with a new token.',
  )

function makeChallenge(agentUid: string, now: number): string {
  const head = `descent-agent.${agentUid}.${now + CHALLENGE_MS}.${randomBytes(16).toString('base64url')}`
  return `${head}.${mac(head)}`
}

const mac = (head: string): string => createHmac('sha256', macKey).update(head).digest('base64url')

function isOurs(challenge: string, agentUid: string, now: number): boolean {
  const cut = challenge.lastIndexOf('.')
  const head = challenge.slice(0, cut)
  const given = Buffer.from(challenge.slice(cut + 1))
  const expected = Buffer.from(mac(head))
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  const [, uid, until] = head.split('.')
  return uid === agentUid && Number(until) > now
}

/** The DER head of an Ed25519 public key (RFC 8410), before its 32 bytes. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

function isSigned(publicKey: string, challenge: string, signature: string): boolean {
  const der = Buffer.concat([SPKI_HEAD, Buffer.from(publicKey, 'base64')])
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, Buffer.from(challenge, 'utf8'), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

function forgetOver(now: number): void {
  for (const [challenge, until] of used) if (until <= now) used.delete(challenge)
}
