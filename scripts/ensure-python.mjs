// Python environments, made with the first python3 on the path, once for each list of packages.
import fs from 'node:fs'
import path from 'node:path'
import { inData, inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { fits, hashOf, setStamp } from './stamp.mjs'

/** @typedef {{ kind: 'ready', python: string, made: boolean } | { kind: 'unavailable', why: string }} Environment */

/**
 * The environment of the recipes.
 *
 * @returns {Promise<Environment>}
 */
export const ensurePython = (say = () => {}) =>
  ensureEnvironment(
    {
      home: inData('python'),
      requirements: 'workers/recipes/requirements.txt',
      modules: ['torch', 'numpy'],
      what: 'a Python environment with torch for the CPU (about 20 s)',
    },
    say,
  )

/**
 * An environment of its own below `home`, with the packages of a requirements file; `modules` are what it must be able to load.
 *
 * @param {{ home: string, requirements: string, modules: string[], what: string }} of
 * @returns {Promise<Environment>}
 */
export async function ensureEnvironment({ home, requirements, modules, what }, say = () => {}) {
  const base = await runCommand('python3', ['-c', 'import sys; print(sys.executable, *sys.version_info[:3])'])
  if (base.code !== 0)
    return { kind: 'unavailable', why: 'There is no python3 on the path. Install Python 3.9 or later.' }
  const [, ...version] = base.output.trim().split(' ')
  const python = path.join(home, 'bin', 'python')
  const stamp = `${hashOf(projectDir, [requirements])} python ${version.join('.')}`
  const stampFile = path.join(home, 'stamp')
  if (fits(stampFile, stamp) && fs.existsSync(python)) return { kind: 'ready', python, made: false }
  say(`Making ${what}`)
  fs.rmSync(home, { recursive: true, force: true })
  const venv = await runCommand('python3', ['-m', 'venv', home])
  if (venv.code !== 0) return { kind: 'unavailable', why: `python3 -m venv failed: ${lastLine(venv.output)}` }
  const pip = await runCommand(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    inProject(requirements),
  ])
  if (pip.code !== 0)
    return { kind: 'unavailable', why: `pip could not install ${requirements}: ${lastLine(pip.output)}` }
  const works = await runCommand(python, ['-c', `import ${modules.join(', ')}`])
  if (works.code !== 0)
    return {
      kind: 'unavailable',
      why: `${modules.join(', ')} was installed and does not load: ${lastLine(works.output)}`,
    }
  setStamp(stampFile, stamp)
  return { kind: 'ready', python, made: true }
}

const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .filter((l) => !/^(WARNING|\[notice\])/.test(l))
    .at(-1) ?? ''
