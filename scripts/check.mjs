// npm run check: types, lint and format, unit and house tests (floors among them). No database, under a minute.
import { ensurePackages } from './ensure-packages.mjs'
import { inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'

await ensurePackages(console.error)
const bin = (name) => inProject('node_modules', '.bin', name)
const steps = [
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
  ['lint and format', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['unit and house', bin('vitest'), ['run', '--project', 'unit']],
]
for (const [name, file, args] of steps) {
  const started = performance.now()
  const { code, output } = await runCommand(file, args, { cwd: projectDir })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0) {
    console.error(`${output}\n${name}: failed after ${seconds} s`)
    process.exit(1)
  }
  console.log(`${name}: fine, ${seconds} s`)
}
