import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { createV1 } from '#src/api/v1/app.ts'
import { openIdentifier } from '#src/services/auth/identify-token.ts'
import type { Services } from '#src/services/context.ts'

export interface RunningServer {
  readonly url: string
  start(): Promise<void>
  /** Ends all connections, as a process that dies does. */
  stop(): Promise<void>
}

/** The native door on a port, over services of a test; it can be stopped and started again. */
export function runningServer(services: Services, port: number): RunningServer {
  let server: Server | null = null
  return {
    url: `http://127.0.0.1:${port}`,
    start: () =>
      new Promise((resolve, reject) => {
        // A process that begins anew remembers no token.
        const { identify } = openIdentifier({ db: services.db, now: services.now, log: services.log })
        const app = createV1({ services, identify, closed: () => null })
        server = createServer(getRequestListener(app.fetch))
        server.once('error', reject)
        server.listen(port, '127.0.0.1', resolve)
      }),
    stop: () =>
      new Promise((resolve) => {
        if (!server) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
        server = null
      }),
  }
}
