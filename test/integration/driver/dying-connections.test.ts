import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '#test/setup/database.ts'

// P27: a dying database connection ends nothing but its own queries. ROUNDS=1000 makes the storm as long as the promise says.

const CASES = {
  'in-flight': 'the backend ends while a query of a transaction runs',
  between: 'the backend ends between two queries of a transaction',
  reconnected: 'the connection is open again before the dead transaction goes on',
  innocent: 'another transaction has begun on the connection before the dead one goes on',
  queued: 'queries of a transaction wait behind a running one when the backend ends',
  ended: 'the handle is used after its transaction was rolled back',
  'small-write': 'the socket goes with a small write pending',
  'after-error': "a query comes between the socket's error and its close",
  'half-result': 'the backend ends in the middle of a result',
  storm: 'backends end at random under 8 concurrent transactions',
}
const here = path.dirname(fileURLToPath(import.meta.url))
const driver = path.resolve(here, '../../../node_modules/postgres')
const stormMs = 20_000 + Number(process.env.ROUNDS ?? 60) * 150

describe.each([
  ['ESM', 'src/index.js'],
  ['CJS', 'cjs/src/index.js'],
])('the patched driver, %s build', (_build, entry) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase({ empty: true })
  })
  afterAll(() => database.drop())

  it.each(Object.entries(CASES))(
    '%s: nothing is lost, doubled or left hanging when %s',
    { timeout: stormMs + 5_000 },
    async (name) => {
      const { target } = database
      const connection =
        target.kind === 'url'
          ? { url: target.url }
          : { path: target.socket, user: target.user, database: target.database }
      const args = [path.join(here, 'cases.mjs'), name, path.join(driver, entry), JSON.stringify(connection)]
      const said = await runToEnd(args, name === 'storm' ? stormMs : 15_000)
      expect(said).toMatch(/^holds/)
    },
  )
})

function runToEnd(args: string[], limitMs: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-20_000)
      })
    const limit = setTimeout(() => {
      said += '\nhangs'
      child.kill('SIGKILL')
    }, limitMs)
    child.once('close', (code) => {
      clearTimeout(limit)
      resolve(code === 0 ? said : `process ended with ${code}: ${said}`)
    })
  })
}
