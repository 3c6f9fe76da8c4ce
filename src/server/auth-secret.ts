import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '#src/env.ts'
import { makeDataFolder } from './data-folder.ts'

const FILE = 'auth-secret'

/**
 * The secret that signs cookies: the one set, or, for a local start, one that is made once and kept in a file of mode 0600.
 *
 * @throws Error when the file holds something else
 */
export function authSecret(settings: Settings): string {
  if (settings.authSecret !== null) return settings.authSecret
  const file = path.join(settings.dataDir, FILE)
  if (!existsSync(file)) {
    makeDataFolder(settings.dataDir)
    try {
      writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      // Another start made it at the same moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32)
    throw new Error(`${file} holds no secret. Remove the file (everybody must sign in again), or set AUTH_SECRET.`)
  return secret
}
