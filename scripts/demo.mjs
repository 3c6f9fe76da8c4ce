// npm run demo: the main job on real input. Sets everything up, starts the server and a local agent, trains a small language
// model through all five stages, and shows it in the terminal and in the browser.
//   --quick      a few steps per stage, evaluations cut
//   --exit       end when the pipeline has ended; exit code 0 only if every stage finished; the last line is DEMO {json}
//   --kill-one   kill one training process in the middle; at the end the cost of its lost work and the sums of the cost page are checked
//   --recorded   replay a recorded log through the same doors, labelled as recorded, instead of training
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { openApi } from './demo/api.mjs'
import { agreementWords, readCostAgreement } from './demo/cost-agreement.mjs'
import { followPipeline } from './demo/follow-pipeline.mjs'
import { killOneAttempt } from './demo/kill-attempt.mjs'
import { mint } from './demo/mint.mjs'
import { freeProjectName } from './demo/project-name.mjs'
import { replayRecorded } from './demo/replay-recorded.mjs'
import { demoLine, summaryTable } from './demo/summary.mjs'
import { supervise } from './demo/supervise.mjs'
import { ensureBuild } from './ensure-build.mjs'
import { ensurePackages } from './ensure-packages.mjs'
import { ensurePython } from './ensure-python.mjs'
import { inData, inProject, projectDir } from './place.mjs'
import { runCommand } from './run-command.mjs'
import { SERVER_MEMORY } from './server-memory.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    exit: { type: 'boolean' },
    'kill-one': { type: 'boolean' },
    recorded: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (options.help) {
  console.log('npm run demo -- [--quick] [--exit] [--kill-one] [--recorded]')
  process.exit(0)
}

const say = (sentence) => console.log(`· ${sentence}`)
const port = Number(process.env.PORT ?? 7070)
const url = process.env.PUBLIC_URL ?? `http://localhost:${port}`
const here = `http://127.0.0.1:${port}`
const children = []

/** Ends the children in order: the agent first, then the server, which stops its database. */
async function endAll() {
  for (const child of children.reverse()) await child.stop()
}

let ending = false
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (ending) return
    ending = true
    say('Stopping')
    void endAll().then(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  })

main().catch(async (error) => {
  if (ending) return
  ending = true
  console.error(`\nThe demo cannot go on. ${error.message}`)
  await endAll()
  process.exit(1)
})

async function main() {
  fs.mkdirSync(inData(), { recursive: true })
  await ensurePackages(say)
  const [python] = await Promise.all([options.recorded ? null : ensurePython(say), ensureBuild(say)])
  const data = python?.kind === 'ready' ? await prepareData(python.python) : null
  const recorded = options.recorded || python?.kind !== 'ready' || data?.kind !== 'ready'
  if (python?.kind === 'unavailable') say(`${python.why} Going on with the recorded log.`)
  if (data?.kind === 'unavailable') say(`${data.why} Going on with the recorded log.`)

  const server = supervise(
    'server',
    [...SERVER_MEMORY, inProject('dist', 'server.mjs')],
    { NODE_ENV: 'production' },
    say,
  )
  children.push(server)
  await server.until(
    async () => (await fetch(`${here}/readyz`).catch(() => null))?.ok,
    60_000,
    `${here}/readyz did not answer 200`,
  )
  const moved = readIf(inData('postgres-moved-to'))
  if (moved) say(`The database is in ${moved}: its user cannot reach ${inData()}`)
  say(`Descent is running at ${url}`)

  const key = await mint('key', ['key', 'create', '--scope', 'admin', '--name', 'demo'])
  const api = openApi(here, key)
  console.log(`\n  Sign in: ${await mint('link', ['sign-in-link'])}\n`)

  const project = await freeProjectName(api, recorded ? 'lifecycle-recorded' : 'lifecycle')
  let complete
  let killed = null
  if (recorded && options['kill-one']) throw new Error('--kill-one needs training: nothing runs in a recorded log.')
  if (recorded) {
    say(`Replaying the recorded lifecycle into the project ${project}`)
    complete = await replayRecorded(api, project)
  } else {
    children.push(await startAgent(python.python))
    const pipeline = await launch(project, data.folder, key)
    say(`Training in the project ${project}: ${pipeline.url}`)
    let over = false
    const killing = options['kill-one']
      ? killOneAttempt(api, project, inData('agent'), { until: () => over, say })
      : Promise.resolve(null)
    complete = await followPipeline(api, project, pipeline.id)
    over = true
    killed = await killing
  }

  console.log(`\n${await summaryTable(api, project)}\n`)
  const cost = await readCostAgreement(api, project)
  for (const sentence of cost ? agreementWords(cost) : []) console.log(`  ${sentence}`)
  if (options['kill-one']) complete = lostWork(killed, cost) && complete
  if (!options.exit) {
    say(`${url} goes on running; Ctrl-C ends it.`)
    await new Promise(() => {})
  }
  ending = true
  const line = await demoLine(api, project, url, recorded, { cost, killed })
  await endAll()
  console.log(line)
  process.exit(complete ? 0 : 1)
}

/** Says what the killed attempt lost. True when one was killed, its lost work has money of its own, and all sums agree. */
function lostWork(killed, cost) {
  if (!killed) {
    say('No training could be killed: each was over before it was seen in the middle.')
    return false
  }
  const lost = cost?.byKind.rolled_back ?? 0
  say(`Work that ${killed.slug} did again after the kill: ${lost.toFixed(6)} ${cost?.currency ?? ''}`)
  return lost > 0 && cost.agrees
}

const readIf = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : null)

async function prepareData(python) {
  const folder = inData('recipes-data')
  const args = [inProject('workers', 'recipes', 'prepare_data.py'), '--out', folder]
  const made = await runCommand(python, args, { cwd: projectDir })
  if (made.code !== 0)
    return {
      kind: 'unavailable',
      why: `The training data could not be prepared: ${made.output.trim().split('\n').at(-1)}`,
    }
  for (const sentence of made.output
    .trim()
    .split('\n')
    .filter((l) => l.includes('synthetic')))
    say(sentence)
  return { kind: 'ready', folder }
}

async function startAgent(python) {
  const home = inData('agent')
  const args = [
    'agent',
    '--server',
    here,
    '--name',
    'local',
    '--slots',
    '2',
    '--python',
    python,
    '--data-dir',
    home,
    '--recipes',
    inProject('workers', 'recipes', 'recipes.yaml'),
  ]
  if (!fs.existsSync(`${home}/agent.json`)) args.push('--token', await mint('token', ['agent-token']))
  return supervise('agent', [inProject('dist', 'cli.mjs'), ...args], {}, say)
}

async function launch(project, data, key) {
  const args = [
    'launch',
    inProject('workers', 'recipes', 'lifecycle.yaml'),
    '--server',
    here,
    '--project',
    project,
    '--set',
    `data=${data}`,
    '--json',
  ]
  if (options.quick) args.push('--quick')
  const launched = await runCommand(process.execPath, [inProject('dist', 'cli.mjs'), ...args], {
    cwd: projectDir,
    env: { ...process.env, DESCENT_API_KEY: key },
  })
  if (launched.code !== 0) throw new Error(`The pipeline could not be launched:\n${launched.output.trim()}`)
  return JSON.parse(launched.output.trim().split('\n').at(-1))
}
