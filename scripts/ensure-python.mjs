// A Python environment with the recipes' packages, made with the first python3 on the path, once for each list of packages.
import fs from 'node:fs'
import path from 'node:path'
import { inData, inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { fits, hashOf, setStamp } from './stamp.mjs'

const REQUIREMENTS = 'workers/recipes/requirements.txt'
const HOME = inData('python')

/**
 * @returns {Promise<{ kind: 'ready', python: string, made: boolean } | { kind: 'unavailable', why: string }>}
 */
export async function ensurePython(say = () => {}) {
  const base = await runCommand('python3', ['-c', 'import sys; print(sys.executable, *sys.version_info[:3])'])
  if (base.code !== 0)
    return { kind: 'unavailable', why: 'There is no python3 on the path. Install Python 3.9 or later.' }
  const [, ...version] = base.output.trim().split(' ')
  const python = path.join(HOME, 'bin', 'python')
  const stamp = `${hashOf(projectDir, [REQUIREMENTS])} python ${version.join('.')}`
  const stampFile = path.join(HOME, 'stamp')
  if (fits(stampFile, stamp) && fs.existsSync(python)) return { kind: 'ready', python, made: false }
  say('Making a Python environment with torch for the CPU (about 20 s)')
  fs.rmSync(HOME, { recursive: true, force: true })
  const venv = await runCommand('python3', ['-m', 'venv', HOME])
  if (venv.code !== 0) return { kind: 'unavailable', why: `python3 -m venv failed: ${lastLine(venv.output)}` }
  const pip = await runCommand(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    inProject(REQUIREMENTS),
  ])
  if (pip.code !== 0)
    return { kind: 'unavailable', why: `pip could not install ${REQUIREMENTS}: ${lastLine(pip.output)}` }
  const works = await runCommand(python, ['-c', 'import torch, numpy; print(torch.__version__)'])
  if (works.code !== 0)
    return { kind: 'unavailable', why: `torch was installed and does not load: ${lastLine(works.output)}` }
  setStamp(stampFile, stamp)
  return { kind: 'ready', python, made: true }
}

const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .filter((l) => !/^(WARNING|\[notice\])/.test(l))
    .at(-1) ?? ''
