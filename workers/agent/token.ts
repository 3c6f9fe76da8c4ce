import { AgentTokenAnswer } from '#src/protocol/agents.ts'
import { type Identity, signChallenge } from './identity.ts'
import { type Server, ServerAway, ServerRefusal } from './server.ts'

/** A token is renewed this long before it ends. */
const EARLY_MS = 60_000

export interface Session {
  /** The present access token; fetches a new one when it is about to end. */
  token(): Promise<string>
  /**
   * A call with the agent's token. A 401 is answered by one new token; when that is refused too, the agent was revoked.
   *
   * @throws ServerAway, ServerRefusal, AgentRevoked
   */
  call(path: string, json: unknown, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<unknown>
}

/** The server knows this agent no longer. */
export class AgentRevoked extends Error {
  override readonly name = 'AgentRevoked'
}

/** Signs challenges with the machine's key and keeps the short-lived access token. */
export function openSession(server: Server, identity: Identity): Session {
  let held: { token: string; until: number } | null = null
  let fetching: Promise<string> | null = null

  const fetchToken = async (): Promise<string> => {
    const agent_id = identity.agent_id
    try {
      const asked = AgentTokenAnswer.parse(await server.call('/agents/token', { json: { agent_id } }))
      if (!('challenge' in asked)) throw new ServerAway('the server gave no challenge')
      const signature = signChallenge(identity, asked.challenge)
      const json = { agent_id, challenge: asked.challenge, signature }
      const given = AgentTokenAnswer.parse(await server.call('/agents/token', { json }))
      if (!('token' in given)) throw new ServerAway('the server gave no token')
      // The life of a token is measured on this machine's clock from now, so a wrong clock does no harm.
      held = { token: given.token, until: Date.now() + 14 * 60_000 }
      return given.token
    } catch (error) {
      if (error instanceof ServerRefusal && error.status === 401) throw error
      if (error instanceof ServerAway || error instanceof ServerRefusal) throw error
      throw new ServerAway('the server answered a token request in words that are not understood')
    }
  }

  const token = (): Promise<string> => {
    if (held && held.until - EARLY_MS > Date.now()) return Promise.resolve(held.token)
    fetching ??= fetchToken().finally(() => {
      fetching = null
    })
    return fetching
  }

  /** One refusal may be a restart of the server between challenge and answer; two are an answer. */
  const tokenOrRevoked = async (): Promise<string> => {
    for (let tries = 0; ; tries++)
      try {
        return await token()
      } catch (error) {
        if (!(error instanceof ServerRefusal && error.status === 401)) throw error
        if (tries > 0) throw new AgentRevoked(error.message)
      }
  }

  return {
    token: tokenOrRevoked,
    call: async (path, json, options = {}) => {
      for (let tries = 0; ; tries++)
        try {
          return await server.call(path, { token: await tokenOrRevoked(), json, ...options })
        } catch (error) {
          if (!(error instanceof ServerRefusal && error.status === 401)) throw error
          if (tries > 0) throw new AgentRevoked(error.message)
          held = null
        }
    },
  }
}
