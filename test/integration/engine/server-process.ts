// What a server does with its database, as a process that tests can kill:
//   node --import tsx server-process.ts DATA_DIR WAIT_MS
// Prints one line of JSON when it serves ({serving, engine, adopted}) or is refused ({refused}); SIGTERM stops it and its engine.
import { openEngine } from '#src/db/engine/open.ts'
import { takeServerLock } from '#src/db/lock.ts'
import { migrate } from '#src/db/migrate.ts'

const [dataDir = '', waitMs = '10000'] = process.argv.slice(2)
const engine = await openEngine({ dataDir, projectDir: dataDir, settings: { shared_buffers: '32MB' } })
try {
  const lock = await takeServerLock(engine.target, { waitMs: Number(waitMs) })
  const applied = await migrate(engine.target)
  await lock.sign()
  console.log(
    JSON.stringify({ serving: process.pid, engine: engine.pid(), adopted: engine.adopted, applied: applied.length }),
  )
  process.once('SIGTERM', async () => {
    await lock.release()
    await engine.stop()
    process.exit(0)
  })
} catch (error) {
  engine.leave()
  console.log(JSON.stringify({ refused: error instanceof Error ? error.message : String(error) }))
  process.exit(1)
}
