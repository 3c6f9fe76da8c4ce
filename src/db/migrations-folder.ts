import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** One numbered migration, in the order of the journal. */
export type Migration = {
  /** File name without `.sql`, such as 0001_create_control_plane. */
  tag: string
  /** Milliseconds since the epoch; the migration's identity in the database. */
  madeAt: number
  /** SHA-256 of the file, in hex. */
  hash: string
  statements: string[]
}

/** `drizzle/` of the project, from the sources as from the bundle. */
export function migrationsFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url))
  for (let at = here; ; at = path.dirname(at)) {
    const folder = path.join(at, 'drizzle')
    if (existsSync(path.join(folder, 'meta', '_journal.json'))) return folder
    if (at === path.dirname(at))
      throw new Error(
        `There is no folder drizzle with meta/_journal.json above ${here}: the migrations are missing from this installation.`,
      )
  }
}

/** All migrations that a folder's journal names, oldest first. */
export function readMigrations(folder: string): Migration[] {
  const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
    readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8'),
  )
  return journal.entries.map(({ tag, when }) => {
    const text = readFileSync(path.join(folder, `${tag}.sql`), 'utf8')
    const statements = text.split('--> statement-breakpoint').filter((statement) => statement.trim() !== '')
    return { tag, madeAt: when, hash: createHash('sha256').update(text).digest('hex'), statements }
  })
}
