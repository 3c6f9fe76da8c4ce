import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, type Settings } from '#src/env.ts'
import { projectFolder } from './project-folder.ts'

/**
 * The settings of this machine: the environment, and below it the file `.env` of the project folder.
 *
 * @throws SettingsError
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const projectDir = projectFolder()
  const file = path.join(projectDir, '.env')
  const written = existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8')) : {}
  return parse({ ...written, ...environment }, { projectDir, readFile: (at) => readFileSync(at, 'utf8') })
}

const LINE = /^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)\s*=\s*(.*?)\s*$/

/** `NAME=value` lines; quotes around a value and lines that begin with # are left out. Node 20.9 has no parser of its own. */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = LINE.exec(line) ?? []
    if (name !== undefined && value !== undefined) values[name] = value.replace(/^(['"])(.*)\1$/, '$2')
  }
  return values
}
