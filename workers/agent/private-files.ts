import { randomBytes } from 'node:crypto'
import fs from 'node:fs'

/** Makes a folder that only this user can enter, or takes that of an earlier start. */
export function privateFolder(folder: string): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  fs.chmodSync(folder, 0o700)
  return folder
}

/** Replaces a file in one step; only this user can read it. */
export function writePrivate(file: string, content: string): void {
  const partial = `${file}.${randomBytes(6).toString('hex')}`
  fs.writeFileSync(partial, content, { mode: 0o600, flag: 'wx' })
  fs.renameSync(partial, file)
}

/** The JSON of a file; null when it is absent or no JSON. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
