import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Command } from 'commander'
import { vi } from 'vitest'
import { createV1 } from '#src/api/v1/app.ts'
import { registerImport } from '#src/cli/import.ts'
import type { Actor } from '#src/services/actor.ts'
import type { Services } from '#src/services/context.ts'

export interface ImportServer {
  url: string
  /** Requests that would write, so far. */
  writes(): number
  /** Runs `descent import …` as an actor; what it printed, and the error that it ended with. */
  descentImport(actor: Actor, ...args: string[]): Promise<{ lines: string[]; error: string | null }>
  close(): Promise<void>
}

/** The native door on a port of its own, and the command that calls it. */
export async function importServer(services: Services): Promise<ImportServer> {
  let caller: Actor = { kind: 'anonymous' }
  let writes = 0
  const app = createV1({ services, identify: async () => caller, closed: () => null })
  const server = createServer(
    getRequestListener((request) => {
      if (request.method !== 'GET' && !request.url.endsWith('/imports/targets')) writes++
      return app.fetch(request)
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    writes: () => writes,
    async descentImport(actor, ...args) {
      caller = actor
      vi.stubEnv('DESCENT_API_KEY', 'key-of-the-test')
      const print = vi.spyOn(console, 'log').mockImplementation(() => {})
      const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
      registerImport(program)
      try {
        const error = await program.parseAsync(['import', ...args, '--server', url], { from: 'user' }).then(
          () => null,
          (thrown: Error) => thrown.message,
        )
        return { lines: print.mock.calls.map(([line]) => String(line)), error }
      } finally {
        print.mockRestore()
        vi.unstubAllEnvs()
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
