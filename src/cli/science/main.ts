/** `npm run -s science -- FAMILY < input.json`: one JSON object in, one out. No database, no server, no network. */
import { text } from 'node:stream/consumers'
import { answer } from './answer.ts'

const { status, json } = answer(process.argv[2], await text(process.stdin))
process.stdout.write(`${json}\n`)
process.exitCode = status
