/** The Next route of `next-route`, built, served by Next's own production handler behind node:http. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import next from 'next'
import { serveBench } from './server-process.ts'

const { dir }: { dir: string } = JSON.parse(process.env.BENCH_SETTINGS ?? '{}')
const app = next({ dev: false, dir })
await app.prepare()
const handle = app.getRequestHandler()
const server = createServer((request, response) => void handle(request, response))
server.listen(0, '127.0.0.1', () => serveBench((server.address() as AddressInfo).port))
