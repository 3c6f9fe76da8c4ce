/** The process. Flags: `--dev` serves pages from source, `--no-pages` serves the doors alone. */
import { SettingsError } from '#src/env.ts'
import { readSettings } from './read-settings.ts'
import { SHUTDOWN_MS_MAX } from './shutdown.ts'
import { type RunningServer, startServer } from './start.ts'

const flags = new Set(process.argv.slice(2))

let running: RunningServer | null = null
let ending = false

/** Ends the process; the second time at once. */
async function end(code: number): Promise<void> {
  if (ending) process.exit(130)
  ending = true
  setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX - 1_000).unref()
  await running?.stop()
  process.exit(code)
}

/** What a person at the terminal is told; the rest is in the log. */
function tell(error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${sentence}\n`)
  if (!(error instanceof SettingsError) && process.env.LOG_LEVEL === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`)
}

process.on('SIGTERM', () => void end(0))
process.on('SIGINT', () => void end(0))

try {
  const settings = readSettings()
  running = await startServer(settings, {
    dev: flags.has('--dev'),
    pages: !flags.has('--no-pages'),
    onFatal: (error) => {
      tell(error)
      void end(1)
    },
  })
  for (const notice of running.notices) process.stdout.write(`${notice}\n`)
  process.stdout.write(`Descent is ready at ${running.url}\n`)
  if (running.setupLink) process.stdout.write(`Sign in once, within 24 hours: ${running.setupLink}\n`)
} catch (error) {
  tell(error)
  process.exit(1)
}
