// The suites of npm test, in order. Each gives { passed, failed, skipped, notes }.
import fs from 'node:fs'
import { ensureBuild } from '../ensure-build.mjs'
import { ensurePython } from '../ensure-python.mjs'
import { inProject, projectDir } from '../place.mjs'
import { runCommand } from '../run-command.mjs'
import { ensureChromium } from './ensure-chromium.mjs'
import { ensureLmEval } from './ensure-lm-eval.mjs'
import { playwright, unittest, vitest } from './runners.mjs'

const bin = (name) => inProject('node_modules', '.bin', name)

/** A step that is one check: it passes or fails as a whole. */
const step = async (file, args) => {
  const { code, output } = await runCommand(file, args, { cwd: projectDir })
  if (code !== 0) console.log(output)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** Folders whose files end engines, start processes or count what a process holds: each file has a process of its own. */
const APART = ['agents', 'driver', 'engine', 'live', 'metrics', 'server']

/** SQL that the oldest server we support takes, a newer one takes too; engine, store, processes and doors run on both. */
const SERVICES_ELSEWHERE = 'Files that only open services on a database run once, on the server at TEST_DATABASE_URL.'

/** Histories of the metrics store on a second server: the rules are the same, what differs is the server's version. */
const EXTERNAL_HISTORIES = '40'

/**
 * Against a database; files of lm-evaluation-harness are written on the spot where it can be had. Most files only open services on a
 * database of their own: they share their processes, so that the code is loaded once for each process and not for each file.
 *
 * @param apartOnly leaves those out: they run on the other server
 */
const integration = async (databaseUrl, apartOnly = false) => {
  const harness = await ensureLmEval(console.error)
  const env = {
    TEST_DATABASE_URL: databaseUrl,
    LM_EVAL_PYTHON: harness.kind === 'ready' ? harness.python : '',
    ...(databaseUrl && { HISTORIES: EXTERNAL_HISTORIES }),
  }
  const folders = fs.readdirSync(inProject('test', 'integration'))
  const at = (names) => names.map((name) => `test/integration/${name}/`)
  const together = at(folders.filter((name) => !APART.includes(name)))
  const shared = apartOnly
    ? { passed: 0, failed: 0, skipped: 0, notes: [SERVICES_ELSEWHERE] }
    : await vitest('integration', env, { part: 'together', args: ['--no-isolate', ...together] })
  const apart = await vitest('integration', env, { part: 'apart', args: at(APART) })
  const result = {
    passed: shared.passed + apart.passed,
    failed: shared.failed + apart.failed,
    skipped: shared.skipped + apart.skipped,
    notes: [...new Set([...(shared.notes ?? []), ...(apart.notes ?? [])])],
  }
  if (harness.kind === 'ready') return result
  return {
    ...result,
    notes: [...(result.notes ?? []), `files of lm-evaluation-harness are not written live: ${harness.why}`],
  }
}

export const suites = [
  { name: 'types', title: 'Types', run: () => step(bin('tsc'), ['--noEmit', '-p', '.']) },
  { name: 'lint', title: 'Lint and format', run: () => step(bin('biome'), ['check', '--error-on-warnings', '.']) },
  { name: 'unit', title: 'Rules, laws and facts about the repository', run: () => vitest('unit', {}) },
  {
    name: 'integration',
    title: 'Verbs, doors and processes on the embedded PostgreSQL',
    run: () => integration('', Boolean(process.env.TEST_DATABASE_URL)),
  },
  {
    name: 'integration-external',
    title: 'The same on the server at TEST_DATABASE_URL',
    run: async () =>
      process.env.TEST_DATABASE_URL
        ? integration(process.env.TEST_DATABASE_URL)
        : { passed: 0, failed: 0, skipped: 1, notes: ['skipped, since TEST_DATABASE_URL is not set'] },
  },
  {
    name: 'sdk',
    title: 'Python client',
    run: () => unittest('python3', 'workers/sdk', {}),
  },
  {
    name: 'recipes',
    title: 'Training recipes, with torch',
    run: async () => {
      const python = await ensurePython(console.error)
      if (python.kind === 'unavailable') return { passed: 0, failed: 0, skipped: 1, notes: [`skipped: ${python.why}`] }
      return unittest(python.python, 'workers/recipes', { OMP_NUM_THREADS: '1' }, ['-t', '.'])
    },
  },
  {
    name: 'browser',
    title: 'The quick pipeline with real torch and a real agent, in a real browser',
    run: async () => {
      const chromium = await ensureChromium(console.error)
      if (chromium.kind === 'unavailable')
        return { passed: 0, failed: 0, skipped: 1, notes: [`skipped: ${chromium.why}`] }
      const python = await ensurePython(console.error)
      await ensureBuild(console.error)
      return playwright({ CHROMIUM: chromium.path, DESCENT_TEST_PYTHON: python.kind === 'ready' ? python.python : '' })
    },
  },
]
