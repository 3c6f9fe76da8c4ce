import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json, from the sources as from the bundle. */
export function projectFolder(from = path.dirname(fileURLToPath(import.meta.url))): string {
  for (let at = from; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'package.json'))) return at
    if (at === path.dirname(at))
      throw new Error(`There is no package.json above ${from}: this installation is incomplete.`)
  }
}
