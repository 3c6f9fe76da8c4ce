// npm test: everything. Installs what it needs (packages, a browser where the system's package manager may be used, the Python
// environment), runs the suites one after the other, and ends with one line "N passed, N failed, N skipped" for the whole.
//   npm test -- --only unit,integration      some suites
//   CHROMIUM=/path/to/chromium               another browser than the one on the path
//   TEST_DATABASE_URL=postgres://…           the integration suite runs on that server too
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { ensurePackages } from './ensure-packages.mjs'
import { dataDir, inProject } from './place.mjs'
import { suites } from './test/suites.mjs'

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const started = performance.now()
const total = { passed: 0, failed: 0, skipped: 0 }
const notes = []

await ensurePackages(console.error)
fs.mkdirSync(dataDir, { recursive: true })
const wanted = values.only?.split(',')
for (const suite of suites.filter((s) => !wanted || wanted.includes(s.name))) {
  const at = performance.now()
  console.log(`\n── ${suite.title}`)
  const result = await suite
    .run()
    .catch((error) => ({ passed: 0, failed: 1, skipped: 0, notes: [error.stack ?? String(error)] }))
  for (const key of ['passed', 'failed', 'skipped']) total[key] += result[key]
  notes.push(...(result.notes ?? []).map((note) => `${suite.name}: ${note}`))
  console.log(
    `   ${suite.name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped in ${((performance.now() - at) / 1000).toFixed(0)} s`,
  )
}
if (notes.length > 0) console.log(`\n── Skipped or worth knowing\n${notes.map((n) => `   ${n}`).join('\n')}`)
console.log(
  `\n   ${((performance.now() - started) / 60_000).toFixed(1)} minutes; results in ${inProject('test-results')}`,
)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
