// Builds pages (Next) and bundles (server, command line), once for each state of the sources.
import fs from 'node:fs'
import { inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { fits, hashOf, setStamp } from './stamp.mjs'

const STAMP = inProject('dist', 'stamp')
const SOURCES = [
  'src',
  'workers/agent',
  'public',
  'drizzle',
  'patches',
  'next.config.js',
  'tsconfig.json',
  'package-lock.json',
]
/** One bundle each; workers are started by path and must be files of their own. */
const ENTRIES = {
  server: 'src/server/main.ts',
  cli: 'src/cli/main.ts',
  'seal-worker': 'src/services/metrics/seal/seal-worker.ts',
}

/** @returns {Promise<boolean>} true when something was built. Throws with the compiler's own words when that fails. */
export async function ensureBuild(say = () => {}, { force = false } = {}) {
  const stamp = hashOf(projectDir, SOURCES)
  if (!force && fits(STAMP, stamp) && fs.existsSync(inProject('.next', 'BUILD_ID'))) return false
  say('Building the pages and the server (about half a minute)')
  fs.rmSync(STAMP, { force: true })
  await bundle()
  const { code, output } = await runCommand(
    process.execPath,
    [inProject('node_modules', 'next', 'dist', 'bin', 'next'), 'build'],
    {
      cwd: projectDir,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    },
  )
  if (code !== 0) throw new Error(`next build ended with ${code}:\n${output.trim().slice(-6000)}`)
  setStamp(STAMP, stamp)
  return true
}

/** The server and the command line as one file each, packages outside. 0.1 s. */
export async function bundle() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: projectDir,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).filter(([, file]) => fs.existsSync(inProject(file)))),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  })
}
