/** The Next route of `next-route`, built, served by Next's own production handler behind node:http. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { serveBench } from './server-process.ts'

const app = next({ dev: false, dir: fileURLToPath(new URL('next-route', import.meta.url)) })
await app.prepare()
const handle = app.getRequestHandler()
const server = createServer((request, response) => void handle(request, response))
server.listen(0, '127.0.0.1', () => serveBench((server.address() as AddressInfo).port))
