/** An agent as a process of its own, for tests that kill it. Options come as JSON in the first argument. */
import { runAgent } from '#workers/agent/main.ts'

const options = JSON.parse(process.argv[2] ?? '{}')
const ask = new AbortController()
process.on('SIGTERM', () => ask.abort())
await runAgent({ ...options, signal: ask.signal })
process.exit(0)
