import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import path from 'node:path'
import type { Settings } from '#src/env.ts'
import type { PageHandler } from './listener.ts'

export interface Pages {
  handle: PageHandler
  close(): Promise<void>
}

/**
 * Next, for pages only. Its sign-in route takes its address and secret from our settings.
 *
 * @returns null when there is no build and this is no development start: the doors serve without pages
 */
export async function openPages(
  settings: Settings,
  secret: string,
  server: Server,
  dev: boolean,
): Promise<Pages | null> {
  if (!dev && !existsSync(path.join(settings.projectDir, '.next', 'BUILD_ID'))) return null
  process.env.NEXTAUTH_URL = settings.publicUrl
  process.env.NEXTAUTH_SECRET = secret
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  const { default: next } = await import('next')
  const app = next({
    dev,
    dir: settings.projectDir,
    hostname: settings.host,
    port: settings.port,
    // For hot reload alone: nothing else here speaks over upgraded connections, so none are taken.
    ...(dev && { httpServer: server }),
  })
  await app.prepare()
  const handle = app.getRequestHandler()
  return { handle: (request, response) => handle(request, response), close: () => app.close() }
}
