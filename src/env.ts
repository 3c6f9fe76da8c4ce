/**
 * The one schema of the server's settings. With nothing set everything starts: an embedded database, bound to loopback. What is wrong
 * is told all at once, each line naming the variable, its value and the way out.
 */
import path from 'node:path'
import * as z from 'zod'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const

/** Stands in `.env.example`; a server that was started with it would have a secret that everybody knows. */
export const EXAMPLE_SECRET = 'change-me-to-32-or-more-random-characters'

const SECRET_LENGTH_MIN = 32
const PORT_DEFAULT = 7070
const POOL_DEFAULT = 8

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `must be from ${from} to ${to}`)

/** Name → what it may be. The sentence is what `.env.example` and the reference page say. */
export const VARIABLES = {
  PORT: integer(1, 65_535).optional().describe('Port of the server; 7070 by default.'),
  HOST: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Address to listen on; 127.0.0.1 by default, 0.0.0.0 for every interface.'),
  PUBLIC_URL: z
    .string()
    .refine(isHttpUrl, 'must be http:// or https:// with a host name and no path')
    .optional()
    .describe(
      'How browsers, agents and clients reach the server; links are made from it. http://localhost:PORT by default.',
    ),
  ALLOWED_HOSTS: z
    .string()
    .regex(
      /^[A-Za-z0-9.:[\],_ -]*$/,
      'must be host names separated by commas, with a port where it is not the usual one',
    )
    .optional()
    .describe('Further host names that requests may name, separated by commas. That of PUBLIC_URL is always allowed.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional()
    .describe(
      'A PostgreSQL server, 15 or later. Without it the server starts its own. Or DATABASE_URL_FILE: a file that holds it.',
    ),
  DATABASE_POOL: integer(2, 100)
    .optional()
    .describe('Connections that each of the two pools to the database opens at most; 8 by default.'),
  DATA_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Folder for the database, files and secrets; .descent in the project folder by default.'),
  AUTH_SECRET: z
    .string()
    .optional()
    .describe(
      'Signs sign-in cookies; 32 or more random characters. A local start (own database, loopback) makes one itself. Or AUTH_SECRET_FILE.',
    ),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional().describe('Lines below it are not written; info by default.'),
  SHUTDOWN_DELAY_MS: integer(0, 20_000)
    .optional()
    .describe(
      'How long a server that was told to stop still answers, so that a load balancer notices; 5000, on loopback 0.',
    ),
  TRUST_PROXY_HOPS: integer(0, 10)
    .optional()
    .describe('How many proxies in front are believed when they name the client; 0 by default.'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .optional()
    .describe('Set by the commands; production by default.'),
} as const

/** Variables that may be given as the path of a file, under their name and _FILE. */
export const FILE_VARIABLES = ['DATABASE_URL', 'AUTH_SECRET'] as const

export interface Settings {
  port: number
  host: string
  /** Without a slash at the end. */
  publicUrl: string
  allowedHosts: readonly string[]
  /** Null: the embedded engine. */
  databaseUrl: string | null
  /** Connections of each of the two clients, at most. */
  databasePool: number
  dataDir: string
  projectDir: string
  /** Null: a local start makes its own and keeps it in the data folder. */
  authSecret: string | null
  logLevel: (typeof LOG_LEVELS)[number]
  shutdownDelayMs: number
  trustProxyHops: number
  isProduction: boolean
  /** Embedded database, loopback address, loopback URL. */
  isLocal: boolean
}

/** Everything that is wrong with the settings, one sentence each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings are not valid.\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

export type Source = Readonly<Record<string, string | undefined>>

/**
 * Reads settings from a source such as `process.env`.
 *
 * @param place.projectDir holds the default data folder
 * @param place.readFile reads the file of a `…_FILE` variable
 * @throws SettingsError with all that is wrong
 */
export function parse(source: Source, place: { projectDir: string; readFile: (path: string) => string }): Settings {
  const problems: string[] = []
  const given = readFiles(source, place.readFile, problems)
  const shape = z.object(VARIABLES)
  const result = shape.safeParse(given)
  if (!result.success) problems.push(...result.error.issues.map((issue) => sentence(issue, given)))
  const found = result.success ? result.data : {}

  const port = found.PORT ?? PORT_DEFAULT
  const host = found.HOST ?? '127.0.0.1'
  const publicUrl = new URL(
    found.PUBLIC_URL ?? `http://${isLoopback(host) || isAny(host) ? 'localhost' : bracketed(host)}:${port}`,
  )
  const databaseUrl = found.DATABASE_URL ?? null
  const isLocal = databaseUrl === null && isLoopback(host) && isLoopback(publicUrl.hostname)
  if (result.success) refuseSecret(found.AUTH_SECRET, isLocal, problems)
  if (problems.length > 0) throw new SettingsError(problems)
  return {
    port,
    host,
    publicUrl: publicUrl.origin,
    allowedHosts: (found.ALLOWED_HOSTS ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
    databaseUrl,
    databasePool: found.DATABASE_POOL ?? POOL_DEFAULT,
    dataDir: path.resolve(place.projectDir, found.DATA_DIR ?? '.descent'),
    projectDir: place.projectDir,
    authSecret: found.AUTH_SECRET ?? null,
    logLevel: found.LOG_LEVEL ?? 'info',
    shutdownDelayMs: found.SHUTDOWN_DELAY_MS ?? (isLoopback(host) ? 0 : 5_000),
    trustProxyHops: found.TRUST_PROXY_HOPS ?? 0,
    isProduction: found.NODE_ENV !== 'development',
    isLocal,
  }
}

/** Empty values count as absent; the content of a file stands for its variable. */
function readFiles(source: Source, readFile: (path: string) => string, problems: string[]): Record<string, string> {
  const given: Record<string, string> = {}
  for (const name of Object.keys(VARIABLES)) {
    const value = source[name]?.trim()
    if (value) given[name] = value
  }
  for (const name of FILE_VARIABLES) {
    const file = source[`${name}_FILE`]?.trim()
    if (!file) continue
    if (given[name]) {
      problems.push(`${name} and ${name}_FILE are both set. Unset one of them.`)
      continue
    }
    try {
      given[name] = readFile(file).trim()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      problems.push(
        `${name}_FILE is "${file}", which cannot be read (${why}). Give the path of a file that the server may read.`,
      )
    }
  }
  return given
}

const SECRETS = new Set<string>(FILE_VARIABLES)

function sentence(issue: z.core.$ZodIssue, given: Record<string, string>): string {
  const name = String(issue.path[0])
  const value = given[name] ?? ''
  const shown = SECRETS.has(name) ? 'not valid' : `"${value}"`
  const allowed = issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message
  return `${name} is ${shown}: it ${allowed}.`
}

function refuseSecret(secret: string | undefined, isLocal: boolean, problems: string[]): void {
  const wayOut = 'Set AUTH_SECRET to the output of: openssl rand -base64 32'
  if (secret === undefined) {
    if (!isLocal)
      problems.push(
        `AUTH_SECRET is missing: only a start with the own database on a loopback address makes one itself. ${wayOut}`,
      )
  } else if (secret === EXAMPLE_SECRET)
    problems.push(`AUTH_SECRET is the one of .env.example, which everybody knows. ${wayOut}`)
  else if (secret.length < SECRET_LENGTH_MIN)
    problems.push(`AUTH_SECRET has ${secret.length} characters; ${SECRET_LENGTH_MIN} or more are needed. ${wayOut}`)
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === ''
  )
}

/** 127.0.0.0/8, ::1, localhost. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

const isAny = (host: string) => host === '0.0.0.0' || host === '::'

const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)
