// npm start: installs and builds what is not there yet, then becomes the server.
import { spawn } from 'node:child_process'
import { ensureBuild } from './ensure-build.mjs'
import { ensurePackages } from './ensure-packages.mjs'
import { inProject, projectDir } from './place.mjs'
import { SERVER_MEMORY } from './server-memory.mjs'

await ensurePackages(console.error)
await ensureBuild(console.error)
const server = spawn(
  process.execPath,
  ['--enable-source-maps', ...SERVER_MEMORY, inProject('dist', 'server.mjs'), ...process.argv.slice(2)],
  {
    cwd: projectDir,
    stdio: 'inherit',
    env: { NODE_ENV: 'production', ...process.env },
  },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
