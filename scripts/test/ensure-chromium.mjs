// A Chromium on this machine: the one named, the one on the path, or the system's package where that may be installed.
import fs from 'node:fs'
import { runCommand } from '../run-command.mjs'

/** @returns {Promise<{ kind: 'ready', path: string } | { kind: 'unavailable', why: string }>} */
export async function ensureChromium(say) {
  const found = await find()
  if (found) return { kind: 'ready', path: found }
  if (process.getuid?.() !== 0 || (await runCommand('sh', ['-c', 'command -v apt-get'])).code !== 0)
    return {
      kind: 'unavailable',
      why: 'no Chromium on the path, and none can be installed here. Install Chromium, or name one in CHROMIUM.',
    }
  say('Installing Chromium with the system’s package manager')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = await runCommand('apt-get', ['update', '-qq'], { env, timeoutMs: 300_000 })
  const install = await runCommand(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'],
    { env, timeoutMs: 600_000 },
  )
  const now = await find()
  if (now) return { kind: 'ready', path: now }
  return {
    kind: 'unavailable',
    why: `Chromium could not be installed: ${(install.output || update.output).trim().split('\n').at(-1)}`,
  }
}

async function find() {
  if (process.env.CHROMIUM) return fs.existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : null
  const { code, output } = await runCommand('sh', [
    '-c',
    'command -v chromium || command -v chromium-browser || command -v google-chrome',
  ])
  return code === 0 ? output.trim().split('\n')[0] : null
}
