import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

/** Files that git tracks or would track. */
export const files = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((f) => f && fs.existsSync(path.join(root, f)))

export const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

export const sources = (): string[] =>
  files().filter((f) => /^(src|workers|scripts|patches|test)\/.*\.(ts|tsx|mjs|js|py)$/.test(f))
