/** What a person at the machine of the server does: mints links, keys and tokens with the command line. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'

const project = path.resolve(import.meta.dirname, '../../..')

/** The server that the set-up started, by its address. */
export function serverUrl(): string {
  const url = process.env.DESCENT_E2E_URL
  if (!url)
    throw new Error('DESCENT_E2E_URL is not set: the tests are run by Playwright, whose set-up starts a server.')
  return url
}

function admin(...args: string[]): string {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    DATA_DIR: process.env.DESCENT_E2E_DATA,
    PORT: process.env.DESCENT_E2E_PORT,
    LOG_LEVEL: 'silent',
  }
  const cli = path.join(project, 'dist', 'cli.mjs')
  return execFileSync(process.execPath, [cli, 'admin', ...args], { cwd: project, env: environment, encoding: 'utf8' })
}

/** A fresh one-time link that signs in the owner. */
export const signInLink = (): string => (JSON.parse(admin('sign-in-link', '--json')) as { url: string }).url

/** A key of the workspace that may send data and create projects. */
export const ingestKey = (): string => (JSON.parse(admin('key', 'create', '--json')) as { key: string }).key

/** A key that may queue jobs. */
export const adminKey = (): string =>
  (JSON.parse(admin('key', 'create', '--scope', 'admin', '--json')) as { key: string }).key

/** A token with which one machine becomes an agent. */
export const agentToken = (): string => (JSON.parse(admin('agent-token', '--json')) as { token: string }).token
