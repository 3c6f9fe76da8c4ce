/** What a person at the machine of the server does: mints links, keys and tokens with the command line. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { onTheBox, SERVERS_VARIABLE, type TestServer } from './start-server.ts'

const project = path.resolve(import.meta.dirname, '../../..')

/** The server of this worker, which the set-up started. */
function server(): TestServer {
  const all = JSON.parse(process.env[SERVERS_VARIABLE] ?? '[]') as TestServer[]
  const own = all[Number(process.env.TEST_PARALLEL_INDEX)]
  if (!own) throw new Error('There is no server: the tests are run by Playwright, whose set-up starts one per worker.')
  return own
}

/** The address of this worker's server. */
export const serverUrl = (): string => server().url

/** The folder with the database of this worker's server. */
export const serverDataDir = (): string => server().dataDir

function admin(...args: string[]): string {
  const cli = path.join(project, 'dist', 'cli.mjs')
  return execFileSync(process.execPath, [cli, 'admin', ...args], {
    cwd: project,
    env: { ...onTheBox(server()), LOG_LEVEL: 'silent' },
    encoding: 'utf8',
  })
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
