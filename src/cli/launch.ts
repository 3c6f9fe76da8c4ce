import fs from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import type { Pipeline } from '../protocol/pipeline.ts'
import { PipelineState } from '../protocol/pipeline.ts'
import { readPipeline } from '../services/pipelines/read-pipeline.ts'

interface LaunchOptions {
  server: string
  project?: string
  set: string[]
  quick?: boolean
  json?: boolean
}

/** Adds `descent launch FILE`: plans the experiments of a pipeline file and queues its jobs. */
export function registerLaunch(program: Command): void {
  program
    .command('launch <file>')
    .description(
      'plan the experiments of a pipeline file (YAML) and queue its jobs; the key is read from DESCENT_API_KEY',
    )
    .option('--server <url>', 'address of the server', process.env.DESCENT_URL ?? 'http://127.0.0.1:7070')
    .option('--project <slug>', 'project to plan in; the file’s own when absent; made when it does not exist')
    .option('--set <name=value>', 'a parameter for every recipe of the file; may be repeated', collect, [])
    .option('--quick', 'apply the file’s quick section: a few steps per stage')
    .option('--json', 'print the answer as one line of JSON')
    .action(launch)
}

const collect = (value: string, before: string[]): string[] => [...before, value]

async function launch(file: string, options: LaunchOptions): Promise<void> {
  const key = process.env.DESCENT_API_KEY
  if (!key)
    throw new Error('Set DESCENT_API_KEY to a key that may queue jobs (descent admin key create --scope admin).')
  const pipeline = await read(file)
  for (const setting of options.set) {
    const [name, value] = split(setting)
    for (const params of everyRecipe(pipeline)) params[name] = value
  }
  const project = options.project ?? pipeline.project
  if (!project) throw new Error(`${path.basename(file)} names no project. Add "project:" to it, or give --project.`)

  const answer = await fetch(
    `${options.server}/api/v1/projects/${encodeURIComponent(project)}/pipelines?quick=${options.quick === true}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'accept-encoding': 'identity' },
      body: JSON.stringify(pipeline),
    },
  ).catch((error: Error) => {
    throw new Error(
      `The server at ${options.server} does not answer (${error.message}). Start it with npm start, or name it in --server.`,
    )
  })
  if (!answer.ok) throw new Error(await refusal(answer))
  const state = PipelineState.parse(await answer.json())
  if (options.json)
    console.log(JSON.stringify({ id: state.id, project: state.project, url: state.url, jobs: state.jobs.length }))
  else console.log(`${state.experiments.length} experiments planned, ${state.jobs.length} jobs queued: ${state.url}`)
}

async function read(file: string): Promise<Pipeline> {
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}`)
  })
  const answer = readPipeline(text)
  if (answer.kind === 'pipeline') return answer.pipeline
  throw new Error(answer.problems.map((p) => `${file}:${p.line ?? 1}: ${p.message}`).join('\n'))
}

/** The parameters of every recipe of a file, evaluations included. */
function everyRecipe(pipeline: Pipeline): Pipeline['defaults']['params'][] {
  const evaluations = [pipeline.defaults.evaluate, ...Object.values(pipeline.experiments).map((e) => e.evaluate)]
  return [pipeline.defaults.params, ...evaluations.flatMap((e) => (e ? [e.params] : []))]
}

/** `name=value`; true, false and numbers are read as such. */
function split(setting: string): [string, string | number | boolean] {
  const at = setting.indexOf('=')
  if (at < 1) throw new Error(`--set ${setting}: write name=value.`)
  const value = setting.slice(at + 1)
  const read =
    value === 'true'
      ? true
      : value === 'false'
        ? false
        : value !== '' && Number.isFinite(Number(value))
          ? Number(value)
          : value
  return [setting.slice(0, at), read]
}

async function refusal(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => ({}))) as {
    detail?: string
    errors?: { pointer: string; message: string }[]
  }
  const fields = (problem.errors ?? []).map((e) => `  ${e.pointer}: ${e.message}`)
  return [`The server refused the pipeline (${answer.status}). ${problem.detail ?? ''}`, ...fields].join('\n')
}
