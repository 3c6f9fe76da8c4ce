import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import fs from 'node:fs'
import * as z from 'zod'
import { AgentRegistered } from '#src/protocol/agents.ts'
import type { describeMachine } from './machine.ts'
import { readJsonFile, writePrivate } from './private-files.ts'
import { connect } from './server.ts'
import { type AgentSettings, places } from './settings.ts'

const IdentityFile = z.object({
  server: z.string(),
  agent_id: z.string(),
  workspace: z.string(),
  queues: z.array(z.string()),
  /** PKCS #8, PEM; never leaves this machine. */
  private_key: z.string(),
})
export type Identity = z.infer<typeof IdentityFile>

/**
 * Who this machine is: from agent.json, else by registering with the single-use token. The key pair is made here; only its
 * public half is sent.
 *
 * @throws Error without agent.json and without a token, or when agent.json belongs to another server
 */
export async function takeIdentity(
  settings: AgentSettings,
  labels: ReturnType<typeof describeMachine>,
  recipes: readonly string[],
): Promise<Identity> {
  const file = places(settings.dataDir).identity
  const server = connect(settings.serverUrl)
  const known = IdentityFile.safeParse(readJsonFile(file))
  if (known.success) {
    if (isSameServer(known.data.server, server.url)) return known.data
    throw new Error(
      `${file} belongs to an agent of ${known.data.server}, not of ${server.url}. Name that server, or another --data-dir.`,
    )
  }
  if (!settings.registrationToken)
    throw new Error(
      `There is no agent in ${settings.dataDir} yet. Pass --token with a registration token: the agents page makes one, or \`descent admin agent-token\` on the server.`,
    )
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const rawPublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
  const answer = AgentRegistered.parse(
    await server.call('/agents/register', {
      token: settings.registrationToken,
      json: { name: settings.name, public_key: rawPublicKey, labels, slots: settings.slots, recipes },
    }),
  )
  const identity: Identity = {
    server: server.url,
    ...answer,
    private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
  writePrivate(file, `${JSON.stringify(identity, null, 2)}\n`)
  return identity
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A signature is given to the server of the registration only: another one could pass it on. On this machine itself the port may
 * differ from start to start.
 */
function isSameServer(registered: string, named: string): boolean {
  return registered === named || [registered, named].every((url) => LOOPBACK.has(new URL(url).hostname))
}

/** Forgets who this machine was, so that a new token makes it a new agent. */
export const forgetIdentity = (dataDir: string): void => fs.rmSync(places(dataDir).identity, { force: true })

/** Ed25519 over the challenge's UTF-8 bytes, base64. */
export const signChallenge = (identity: Identity, challenge: string): string =>
  sign(null, Buffer.from(challenge, 'utf8'), createPrivateKey(identity.private_key)).toString('base64')
