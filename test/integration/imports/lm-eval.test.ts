import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileReport } from '#src/cli/import-report.ts'
import { getEvaluation, listEvaluationItems } from '#src/services/evaluations/get.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { type ImportServer, importServer } from './import-server.ts'

const GOLDEN = path.resolve('test/fixtures/golden/lm-eval')
const TASKS = path.resolve('test/fixtures/lm-eval/tasks')
/** The interpreter that has lm-evaluation-harness 0.4.13; npm test makes it (scripts/test/ensure-lm-eval.mjs). */
const PYTHON = process.env.LM_EVAL_PYTHON ?? ''

let lab: Lab
let server: ImportServer
let folder: string
/** What the harness has just written. */
let live: string

beforeAll(async () => {
  lab = await openLab()
  server = await importServer(lab.services)
  folder = mkdtempSync(path.join(tmpdir(), 'descent-import-'))
  if (PYTHON !== '') live = writeLive()
}, 120_000)
afterAll(async () => {
  await server?.close()
  await lab?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets the harness itself measure its dummy model on the fixture's tasks. */
function writeLive(): string {
  const at = path.join(folder, 'live')
  cpSync(TASKS, at, { recursive: true })
  const args = ['--model', 'dummy', '--model_args', 'pretrained=org/tiny-model', '--include_path', '.', '--log_samples']
  const tasks = ['--tasks', 'words_group,words_rolling,words_answer', '--output_path', 'out']
  const env = { ...process.env, HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1', HF_HOME: path.join(folder, 'hub') }
  execFileSync(PYTHON, ['-m', 'lm_eval', ...args, ...tasks], { cwd: at, env, stdio: 'pipe' })
  return path.join(at, 'out')
}

describe.each([
  ['golden files of 0.4.13', () => path.join(GOLDEN, '0.4.13'), 12, 8],
  ['golden files of 0.4.3', () => path.join(GOLDEN, '0.4.3'), 13, 8],
  ...(PYTHON === '' ? [] : [['files that 0.4.13 has just written', () => live, 12, 8] as const]),
] as const)('%s', (_, at, scores, withItems) => {
  test('arrive with every score and standard error to the last digit, N/A missing', async () => {
    const project = await projectWithModel()
    const { lines, error } = await run(project, at())
    expect(error).toBeNull()
    const { results } = resultsOf(at())
    const stored = await storedIn(project)
    expect(stored).toHaveLength(scores)
    for (const { task, metric, filter, score, stderr } of stored) {
      const row = results[task] ?? {}
      expect([task, metric, filter, score]).toEqual([task, metric, filter, row[`${metric},${filter}`]])
      const written = row[`${metric}_stderr,${filter}`]
      expect([task, metric, filter, stderr]).toEqual([task, metric, filter, written === 'N/A' ? null : written])
    }
    expect(lines[0]).toMatch(
      new RegExp(
        `^results_.*: ${scores} scores written \\(${withItems} with items\\) to org/tiny-model@main of #1 base\\.$`,
      ),
    )
  })

  test('arrive with their samples as items', async () => {
    const project = await projectWithModel()
    await run(project, at())
    const stored = await storedIn(project)
    const choice = stored.find((s) => s.task === 'words_choice' && s.metric === 'acc')
    const { items } = await listEvaluationItems(lab.user('viewer'), { evaluation: choice?.uid ?? '' })
    const lines = samplesOf(at(), 'words_choice')
    expect(items.map((item) => item.score)).toEqual(lines.map((line) => line.acc))
    expect(items.map((item) => item.id.slice(0, 16))).toEqual(lines.map((line) => String(line.doc_hash).slice(0, 16)))
    expect(items[0]).toMatchObject({
      prompt: 'Which word has 5 letters and begins with r (question 0)?',
      expected: 'river',
    })
  })

  test('change nothing when they are imported again', async () => {
    const project = await projectWithModel()
    await run(project, at())
    const before = await storedIn(project)
    const writes = server.writes()
    const { lines, error } = await run(project, at())
    expect(error).toBeNull()
    expect(lines[0]).toContain(`0 scores written to org/tiny-model@main of #1 base; ${scores} were there already`)
    expect(await storedIn(project)).toEqual(before)
    expect(server.writes()).toBe(writes)
  })
})

if (PYTHON === '')
  test.skip('files of lm-evaluation-harness written live: LM_EVAL_PYTHON names no interpreter that has it (npm test makes one)', () => {})

describe('a file of 0.3', () => {
  test('arrives without n, and says so', async () => {
    const project = await projectWithModel('EleutherAI/pythia-1b', 'step143000')
    const { lines, error } = await run(project, path.join(GOLDEN, '0.3'))
    expect([error, lines[0]]).toEqual([
      null,
      'results.json: 6 scores written to EleutherAI/pythia-1b@step143000 of #1 base.',
    ])
    const stored = await storedIn(project)
    expect(stored.map((s) => [s.task, s.metric, s.score, s.stderr, s.n])).toEqual([
      ['hellaswag', 'acc', 0.4373630750846445, 0.004950598300667432, null],
      ['hellaswag', 'acc_norm', 0.5637323242381995, 0.004949080334816024, null],
      ['lambada_openai', 'ppl', 10.67857712981163, 0.3194894423842432, null],
      ['lambada_openai', 'acc', 0.5189209198525131, 0.006961048424961394, null],
      ['wikitext', 'word_perplexity', 26.9170143281, null, null],
      ['wikitext', 'bits_per_byte', 0.8881729264, null, null],
    ])
  })
})

describe('the checkpoint', () => {
  test('that is named wins over the file’s model', async () => {
    const project = await projectWithModel('another/model')
    const { lines, error } = await run(project, path.join(GOLDEN, '0.4.13'), '--checkpoint', 'base')
    expect([error, lines[0]]).toEqual([
      null,
      expect.stringContaining('12 scores written (8 with items) to another/model@main of #1 base.'),
    ])
  })
  test('is told to be missing with the nearest names', async () => {
    const project = await projectWithModel('elsewhere/tiny-model')
    const { lines, error } = await run(project, path.join(GOLDEN, '0.4.13'), lab.user('editor').actor)
    expect(error).toBe('1 of 1 files could not be placed.')
    expect(lines).toEqual([
      expect.stringContaining(
        `not imported. No checkpoint of ${project} is called "org/tiny-model". Nearest: elsewhere/tiny-model@main. Name the checkpoint with --checkpoint`,
      ),
    ])
    expect(await storedIn(project)).toEqual([])
  })
  test('names nothing near to a key that may not read', async () => {
    const project = await projectWithModel('elsewhere/tiny-model')
    const { lines } = await run(project, path.join(GOLDEN, '0.4.13'))
    expect(lines[0]).not.toContain('elsewhere')
  })
  test('of an adapter is the adapter', async () => {
    const project = await projectWithModel('runs/7/adapter')
    const at = edited('adapter', (file) => {
      file.config.model_args = { pretrained: 'org/tiny-model', peft: 'runs/7/adapter' }
    })
    const { lines } = await run(project, at)
    expect(lines[0]).toContain('to runs/7/adapter@main of #1 base')
  })
  test('that a name does not tell apart is asked for', async () => {
    const project = await projectWithModel('org/tiny-model', 'main')
    await makeExperiment(lab, project, 'again', {
      stage: 'external_base',
      root: { kind: 'external_base', name: 'org/tiny-model', revision: 'step2' },
    })
    const { lines, error } = await run(project, path.join(GOLDEN, '0.4.13'))
    expect(error).not.toBeNull()
    expect(lines[0]).toMatch(
      /means several checkpoints of .*: again@0 \(.*\), base@0 \(.*\)\. Name one of them with --checkpoint/,
    )
  })
})

describe('bad records', () => {
  test('are skipped, counted and listed; the rest arrives', async () => {
    const project = await projectWithModel()
    const at = edited('bad', (file) => {
      file.results.words_choice = { ...file.results.words_choice, 'acc,none': 'high' }
      file.results.words_answer = { ...file.results.words_answer, 'exact_match,strict-match': 1.5e300 }
    })
    const samples = path.join(at, readdirSync(at).find((name) => name.startsWith('samples_words_opposites')) ?? '')
    writeFileSync(samples, readFileSync(samples, 'utf8').replace(/"doc_id": 3,/, '"doc_id": NaN,'))
    const { lines, error } = await run(project, at)
    expect(error).toBeNull()
    expect(lines[0]).toContain('10 scores written')
    expect(lines[0]).toContain('3 records skipped')
    expect(lines.join('\n')).toContain('skipped: words_choice,acc,none is "high", no number')
    expect(lines.join('\n')).toContain('skipped: words_answer,exact_match,strict-match')
    expect(lines.join('\n')).toMatch(/skipped: samples_words_opposites_.*\.jsonl record 4 has no doc_id/)
    expect(lines.join('\n')).toContain('without items: words_opposites,acc,none: 12 of 13 samples could be read')
  })
  test('a torn end of the samples is one of them', async () => {
    const project = await projectWithModel()
    const at = edited('torn', () => {})
    const samples = path.join(at, readdirSync(at).find((name) => name.startsWith('samples_words_choice')) ?? '')
    writeFileSync(samples, readFileSync(samples, 'utf8').slice(0, -40))
    const { lines, error } = await run(project, at)
    expect(error).toBeNull()
    expect(lines.join('\n')).toContain('record 37 is no whole JSON object')
  })
  test('nothing that is a results file is an error', async () => {
    const { error } = await run(await projectWithModel(), TASKS)
    expect(error).toContain('There is no results file of lm-evaluation-harness')
  })
})

describe('a dry run', () => {
  test('says what would be written, and writes nothing', async () => {
    const project = await projectWithModel()
    const { lines, error } = await run(project, path.join(GOLDEN, '0.4.13'), '--dry-run')
    expect(error).toBeNull()
    expect(lines[0]).toContain('12 scores would be written (8 with items)')
    expect(lines).toContain(
      '  words-rolling-bits-per-byte: 0.011554113687442576 (no standard error, n 9, 9 items) from words_rolling,bits_per_byte,none',
    )
    expect(await storedIn(project)).toEqual([])
  })
  test('tells it as JSON too', async () => {
    const project = await projectWithModel()
    const { lines } = await run(project, path.join(GOLDEN, '0.4.13'), '--dry-run', '--json')
    const report = JSON.parse(lines[0] ?? '') as { dry_run: boolean; files: FileReport[] }
    expect([report.dry_run, report.files.length, report.files[0]?.written.length]).toEqual([true, 1, 12])
  })
})

test('an import that broke off goes on where it was', async () => {
  const project = await projectWithModel()
  await run(project, path.join(GOLDEN, '0.4.13'))
  const whole = await storedIn(project)
  await lab.database.sql`
    update evaluations set status = 'open', n_items = 0 where metric = 'acc' and project_id = (select id from projects where slug = ${project})`
  await lab.database.sql`
    delete from evaluation_items where evaluation_id in (select id from evaluations where status = 'open')`
  await lab.database.sql`
    delete from packed_items where evaluation_id in (select id from evaluations where status = 'open')`
  const { lines, error } = await run(project, path.join(GOLDEN, '0.4.13'))
  expect(error).toBeNull()
  expect(lines[0]).toContain('3 scores written (2 with items)')
  expect(await storedIn(project)).toEqual(whole)
})

test('a benchmark that the workspace defines otherwise keeps its definition', async () => {
  const project = await projectWithModel()
  const at = edited('other-kind', (file) => {
    for (const place of [
      file.results,
      file.configs,
      file.versions,
      file.higher_is_better,
      file['n-samples'],
      file['n-shot'],
    ])
      Object.assign(place, { words_other: place.words_choice })
  })
  await lab.database.sql`
    insert into benchmarks (workspace_id, slug, name, category, kind, orientation)
    values (${lab.workspaceId}, 'words-other', 'Others', 'mine', 'rate', 1)`
  const { error, lines } = await run(project, at)
  expect([error, lines[0]]).toEqual([null, expect.stringContaining('14 scores written')])
  const [row] = await lab.database.sql`select kind, category from benchmarks where slug = 'words-other'`
  expect(row).toEqual({ kind: 'rate', category: 'mine' })
})

test('a key that may only read imports nothing', async () => {
  const project = await projectWithModel()
  const { error } = await run(project, path.join(GOLDEN, '0.4.13'), lab.key('read').actor)
  expect(error).toContain('eval:write')
  expect(await storedIn(project)).toEqual([])
})

test('an imported score says where it is from', async () => {
  const project = await projectWithModel()
  await run(project, path.join(GOLDEN, '0.4.13'))
  const [first] = await storedIn(project)
  const evaluation = await getEvaluation(lab.user('viewer'), { evaluation: first?.uid ?? '' })
  expect(evaluation.source).toMatch(/^lm-evaluation-harness 0\.4\.13, results_.*\.json$/)
  expect(evaluation.imported_from).toMatchObject({ kind: 'lm-eval', record: 'words_choice,acc,none' })
})

let models = 0

/** A project whose base is the model that the files name. */
async function projectWithModel(name = 'org/tiny-model', revision = 'main'): Promise<string> {
  const { slug } = await makeProject(lab, `import-${++models}`)
  await makeExperiment(lab, slug, 'base', {
    stage: 'external_base',
    root: { kind: 'external_base', name, revision },
  })
  return slug
}

function run(project: string, at: string, ...rest: (string | ReturnType<Lab['key']>['actor'])[]) {
  const args = rest.filter((arg) => typeof arg === 'string')
  const actor = rest.find((arg) => typeof arg !== 'string') ?? lab.key('ingest').actor
  const own = actor.kind === 'user' ? lab.key('admin').actor : actor
  return server.descentImport(own, 'lm-eval', at, '--project', project, ...args)
}

interface Stored {
  uid: string
  task: string
  metric: string
  filter: string
  score: number
  stderr: number | null
  n: number | null
}

/** Standing and open evaluations of a project in the order in which they came. */
async function storedIn(project: string): Promise<Stored[]> {
  const rows = await lab.database.sql`
    select e.uid, p.fields->>'task' as task, e.metric, split_part(e.imported_from->>'record', ',', 3) as filter, e.score, e.stderr,
      e.n, e.status, e.n_items, b.slug
    from evaluations e join protocols p on p.id = e.protocol_id join benchmarks b on b.id = e.benchmark_id
    where e.project_id = (select id from projects where slug = ${project}) order by e.id`
  return rows as unknown as Stored[]
}

interface ResultsFile {
  results: Record<string, Record<string, unknown>>
  configs: Record<string, unknown>
  versions: Record<string, unknown>
  higher_is_better: Record<string, unknown>
  'n-samples': Record<string, unknown>
  'n-shot': Record<string, unknown>
  config: Record<string, unknown>
}

const modelFolder = (at: string): string => path.join(at, readdirSync(at).find((name) => name.includes('__')) ?? '')

function resultsOf(at: string): ResultsFile {
  const inner = modelFolder(at)
  const name = readdirSync(inner).find((file) => file.startsWith('results_')) ?? ''
  return JSON.parse(readFileSync(path.join(inner, name), 'utf8'))
}

function samplesOf(at: string, task: string): Record<string, unknown>[] {
  const inner = modelFolder(at)
  const name = readdirSync(inner).find((file) => file.startsWith(`samples_${task}_`)) ?? ''
  return readFileSync(path.join(inner, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** A copy of the golden files with a change in the results. */
function edited(name: string, edit: (file: ResultsFile) => void): string {
  const at = path.join(folder, name)
  cpSync(modelFolder(path.join(GOLDEN, '0.4.13')), at, { recursive: true })
  const results = path.join(at, readdirSync(at).find((file) => file.startsWith('results_')) ?? '')
  const file = JSON.parse(readFileSync(results, 'utf8')) as ResultsFile
  edit(file)
  writeFileSync(results, JSON.stringify(file))
  return at
}
