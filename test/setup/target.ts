import type { DatabaseTarget } from '#src/db/clients.ts'

/** The same server, another database. */
export function inDatabase(server: DatabaseTarget, database: string): DatabaseTarget {
  if (server.kind === 'embedded') return { ...server, database }
  const url = new URL(server.url)
  url.pathname = `/${database}`
  return { kind: 'url', url: url.href }
}
