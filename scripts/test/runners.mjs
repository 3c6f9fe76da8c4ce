// Runs one test runner and counts what it says.
import fs from 'node:fs'
import { inProject, projectDir } from '../place.mjs'
import { runCommand } from '../run-command.mjs'

const results = (name) => {
  fs.mkdirSync(inProject('test-results'), { recursive: true })
  return inProject('test-results', `${name}.json`)
}
const bin = (name) => inProject('node_modules', '.bin', name)
const environment = (extra) =>
  Object.fromEntries(Object.entries({ ...process.env, ...extra }).filter(([, value]) => value !== ''))

/**
 * @param options.part names the results of a part of the project
 * @param options.args files and flags of vitest; all files when absent
 */
export async function vitest(project, env, { part = '', args = [] } = {}) {
  const file = results([project, ...(env.TEST_DATABASE_URL ? ['external'] : []), ...(part ? [part] : [])].join('-'))
  fs.rmSync(file, { force: true })
  const { code, output } = await runCommand(
    bin('vitest'),
    ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { cwd: projectDir, env: environment(env) },
  )
  if (!fs.existsSync(file)) {
    console.log(output)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const report = JSON.parse(fs.readFileSync(file, 'utf8'))
  if (code !== 0) console.log(output.split('\n').slice(-200).join('\n'))
  const skipped = report.testResults.flatMap((f) =>
    f.assertionResults
      .filter((t) => t.status !== 'passed' && t.status !== 'failed')
      .map((t) => ({ name: t.fullName, ofEngine: f.name.includes('/integration/engine/') })),
  )
  // A file that does not load, or an error outside a test, fails the run without a failed test.
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1)
  const server = /^.*PostgreSQL.*, version .*$/m.exec(output)?.[0]?.trim()
  const isElsewhere = env.TEST_DATABASE_URL ? (t) => t.ofEngine : () => false
  const ofEngine = skipped.filter(isElsewhere).length
  return {
    passed: report.numPassedTests,
    failed,
    skipped: skipped.length,
    notes: [
      ...(server ? [server] : []),
      ...(ofEngine ? [`skipped: ${ofEngine} tests of the embedded engine itself, which this run does not start`] : []),
      ...skipped.filter((t) => !isElsewhere(t)).map((t) => `skipped: ${t.name}`),
    ],
  }
}

/** Tests of `folder`/tests; where they are a package (`top`), they are imported from the folder above them. */
export async function unittest(python, folder, env, top = []) {
  const { code, output } = await runCommand(python, ['-m', 'unittest', 'discover', '-v', '-s', 'tests', ...top], {
    cwd: inProject(folder),
    env: environment(env),
    timeoutMs: 600_000,
  })
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0)
  const counted = (word) => Number(new RegExp(`${word}=(\\d+)`).exec(output)?.[1] ?? 0)
  const failed = Math.max(counted('failures') + counted('errors'), code === 0 ? 0 : 1)
  if (code !== 0) console.log(output)
  const skipped = [...output.matchAll(/^(.*) \.\.\. skipped (.*)$/gm)].map(
    ([, name, why]) => `skipped: ${name}: ${why}`,
  )
  return { passed: Math.max(0, ran - failed - counted('skipped')), failed, skipped: counted('skipped'), notes: skipped }
}

export async function playwright(env) {
  const file = results('browser')
  fs.rmSync(file, { force: true })
  const { code, output } = await runCommand(bin('playwright'), ['test', '--reporter=list,json'], {
    cwd: projectDir,
    env: environment({ ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
  })
  if (code !== 0) console.log(output.slice(-20_000))
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const { stats, suites } = JSON.parse(fs.readFileSync(file, 'utf8'))
  const skipped = []
  const walk = (suite) => {
    for (const spec of suite.specs ?? [])
      for (const t of spec.tests)
        if (t.status === 'skipped')
          skipped.push(`skipped: ${spec.title}: ${t.annotations.map((a) => a.description).join(' ')}`)
    for (const child of suite.suites ?? []) walk(child)
  }
  for (const suite of suites) walk(suite)
  return {
    passed: stats.expected + stats.flaky,
    failed: Math.max(stats.unexpected, code === 0 ? 0 : 1),
    skipped: stats.skipped,
    notes: [...skipped, ...(stats.flaky ? [`${stats.flaky} passed only on a second try`] : [])],
  }
}
