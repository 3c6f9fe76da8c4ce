// npm run bench [-- ratios]: the product against its plain alternatives; figures are printed and kept in test/bench/results.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { ensurePackages } from './ensure-packages.mjs'
import { inProject, projectDir } from './place.mjs'
import { ensureChromium } from './test/ensure-chromium.mjs'

if (!fs.existsSync(inProject('node_modules', 'tsx'))) await ensurePackages((sentence) => console.log(`${sentence} …`))
// Benches without a browser run where none can be had; those with one then fail by Chromium's own word.
const chromium = await ensureChromium(console.error)
const child = spawn(
  process.execPath,
  ['--import', 'tsx', inProject('test', 'bench', 'run-all.ts'), ...process.argv.slice(2)],
  {
    cwd: projectDir,
    stdio: 'inherit',
    env: { ...process.env, ...(chromium.kind === 'ready' && { CHROMIUM: chromium.path }) },
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
