/** The machine door as the server has it, on a database, or bare: the same pipeline with a handler that stores nothing. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { allowHosts } from '#src/api/allowed-hosts.ts'
import { createV1 } from '#src/api/v1/app.ts'
import { createBatchDoor } from '#src/api/v1/batch-door.ts'
import { metricsRoutes } from '#src/api/v1/metrics.ts'
import { type DatabaseTarget, openClients } from '#src/db/clients.ts'
import { parse } from '#src/env.ts'
import { createHealth } from '#src/server/health.ts'
import { createListener } from '#src/server/listener.ts'
import type { BlobStore } from '#src/services/artifacts/blob-store.ts'
import { openIdentifier } from '#src/services/auth/identify-token.ts'
import type { Services } from '#src/services/context.ts'
import { openLiveHub } from '#src/services/live/live-hub.ts'
import { openMetricStore } from '#src/services/metrics/open-store.ts'
import { bareAnswer } from './bare-answer.ts'
import { serveBench } from './server-process.ts'

const { target, isBare }: { target: DatabaseTarget; isBare: boolean } = JSON.parse(process.env.BENCH_SETTINGS ?? '{}')
const { sql, db } = openClients(target, { max: 8, name: 'descent bench' })
const log = { info: () => {}, warn: console.warn, error: console.error }
const now = () => new Date()
const settings = parse({ LOG_LEVEL: 'warn' }, { projectDir: process.cwd(), readFile: () => '' })
const services: Services = {
  db,
  sql,
  metrics: await openMetricStore({ sql, log }),
  live: openLiveHub(log),
  blobs: {} as BlobStore,
  settings: { publicUrl: settings.publicUrl, dataDir: settings.dataDir },
  log,
  now,
}
const deps = { services, identify: openIdentifier({ db, now, log }).identify, closed: () => null }
const bare = { metrics: async (_ctx: unknown, head: { seq: number }, body: Buffer) => bareAnswer(body, head.seq) }
const listener = createListener({
  settings,
  hosts: allowHosts({ publicUrl: settings.publicUrl, port: settings.port, more: ['bench'] }),
  health: createHealth(),
  handlers: {
    doors: createV1(deps, metricsRoutes),
    batches: isBare ? createBatchDoor(deps, bare) : createBatchDoor(deps),
    pages: null,
  },
  log,
  dev: false,
})
const server = createServer((request, response) => void listener(request, response))
server.listen(0, '127.0.0.1', () => serveBench((server.address() as AddressInfo).port))
