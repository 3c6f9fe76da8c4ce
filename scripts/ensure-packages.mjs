// Installs the npm packages of the lockfile, once for each lockfile.
import fs from 'node:fs'
import { inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { fits, hashOf, setStamp } from './stamp.mjs'

const STAMP = inProject('node_modules', '.descent-stamp')

/** @returns {Promise<boolean>} true when something was installed. Throws with npm's own words when that fails. */
export async function ensurePackages(say = () => {}) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 9))
    throw new Error(`Node ${process.versions.node} is too old: 20.9 or later is needed.`)
  const stamp = `${hashOf(projectDir, ['package-lock.json', 'package.json', 'patches'])} node ${major} ${process.platform}-${process.arch}`
  if (fits(STAMP, stamp) && fs.existsSync(inProject('node_modules', 'next'))) return false
  say('Installing packages (about half a minute)')
  const { code, output } = await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: projectDir,
  })
  if (code !== 0) throw new Error(`npm ci ended with ${code}:\n${output.trim()}`)
  setStamp(STAMP, stamp)
  return true
}
