// What a server does with its database, as a process that tests can kill:
//   node --import tsx server-process.ts DATA_DIR WAIT_MS
// Prints one line of JSON when it serves ({serving, engine, adopted, applied}) or is refused ({refused}). SIGTERM stops it and its engine.
import { serveDatabase } from '#src/db/serve-database.ts'

const [dataDir = '', waitMs = '10000'] = process.argv.slice(2)
try {
  const database = await serveDatabase({ dataDir, projectDir: dataDir, lockWaitMs: Number(waitMs) })
  process.once('SIGTERM', async () => {
    await database.stop()
    process.exit(0)
  })
  const { engine, applied } = database
  console.log(
    JSON.stringify({
      serving: process.pid,
      engine: engine?.pid(),
      adopted: engine?.adopted,
      applied: applied.length,
    }),
  )
} catch (error) {
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : String(error) }))
  process.exit(1)
}
