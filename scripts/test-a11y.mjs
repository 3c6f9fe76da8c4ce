// npm run test:a11y: every page in every theme (light, dark, forced colours) and state (loaded, empty, every answer failing, a menu
// open) against the rules of WCAG 2.2 AA that a program can check; what was found is kept in test/bench/results.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { ensureBuild } from './ensure-build.mjs'
import { ensurePackages } from './ensure-packages.mjs'
import { inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { ensureChromium } from './test/ensure-chromium.mjs'

await ensurePackages(console.error)
const chromium = await ensureChromium(console.error)
if (chromium.kind === 'unavailable') {
  console.error(chromium.why)
  process.exit(1)
}
await ensureBuild(console.error)
const file = inProject('test-results', 'a11y.json')
fs.mkdirSync(inProject('test-results'), { recursive: true })
fs.rmSync(file, { force: true })
const started = Date.now()
const { code, output } = await runCommand(
  inProject('node_modules', '.bin', 'playwright'),
  ['test', 'accessibility', '--reporter=list,json'],
  {
    cwd: projectDir,
    env: { ...process.env, A11Y: 'full', CHROMIUM: chromium.path, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    timeoutMs: 3_600_000,
  },
)
console.log(output.slice(-20_000))
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: projectDir, encoding: 'utf8' }).trim()
const { stats, suites } = JSON.parse(fs.readFileSync(file, 'utf8'))
const specs = suites.flatMap((suite) => suite.specs)
const kept = {
  what: 'a11y',
  commit,
  at: new Date(started).toISOString(),
  seconds: Math.round((Date.now() - started) / 1000),
  passed: stats.expected,
  failed: stats.unexpected,
  checks: specs.map((spec) => ({ title: spec.title, ok: spec.ok })),
}
const place = inProject('test', 'bench', 'results', `${kept.at.slice(0, 10)}-${commit.slice(0, 10)}-a11y.json`)
fs.writeFileSync(place, `${JSON.stringify(kept, null, 2)}\n`)
console.log(`${kept.passed} passed, ${kept.failed} failed; kept in ${place}`)
process.exit(code === 0 ? 0 : 1)
