import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { type ImportServer, importServer } from './import-server.ts'

let lab: Lab
let server: ImportServer
let folder: string
beforeAll(async () => {
  lab = await openLab()
  server = await importServer(lab.services)
  folder = mkdtempSync(path.join(tmpdir(), 'descent-scores-'))
})
afterAll(async () => {
  await server?.close()
  await lab?.close()
  rmSync(folder, { recursive: true, force: true })
})

const HEAD = 'checkpoint,benchmark,metric,score,scale,stderr,n,seed,shots,category,kind,higher_is_better,measured_at'
const TABLE = [
  HEAD,
  'org/base,arc,acc,0.2702702702702703,1,0.07401656182502246,37,,25,reasoning,accuracy,true,2026-11-01T10:00:00Z',
  'org/base,"pile, bits",bits_per_byte,0.8881729264,1,N/A,9,,0,general language,loss,false,',
  'sft,arc,acc,45.5,100,,,1,25,,,,',
  '',
].join('\n')

describe('a table of scores', () => {
  test('arrives with every number to the last digit, what is empty missing', async () => {
    const project = await makeLadder()
    const { lines, error } = await run(project, csv(TABLE))
    expect([error, lines[0]]).toEqual([
      null,
      expect.stringMatching(/^table-\d+\.csv: 3 scores written to 2 checkpoints\.$/),
    ])
    expect(await storedIn(project)).toEqual([
      ['base', 'arc', 'acc', 0.2702702702702703, 1, 0.07401656182502246, 37, '', '2026-11-01T10:00:00.000Z'],
      ['base', 'pile-bits', 'bits_per_byte', 0.8881729264, 1, null, 9, '', null],
      ['sft', 'arc', 'acc', 45.5, 100, null, null, '1', null],
    ])
  })
  test('says the same as JSON lines', async () => {
    const project = await makeLadder()
    const at = path.join(folder, 'scores.jsonl')
    const rows = [
      {
        checkpoint: 'org/base',
        benchmark: 'arc',
        metric: 'acc',
        score: 0.25,
        n: 37,
        kind: 'accuracy',
        higher_is_better: true,
      },
      { checkpoint: 'sft', benchmark: 'arc', metric: 'acc', score: 0.5, n: null, colour: 'red' },
    ]
    writeFileSync(
      at,
      `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"benchmark": "arc", "score": NaN}\n{"bench`,
    )
    const { lines, error } = await run(project, at)
    expect(error).toBeNull()
    expect(lines).toEqual([
      'scores.jsonl: 2 scores written to 2 checkpoints; 2 records skipped.',
      '  ignored columns: colour',
      '  skipped: row 3 has score "NaN", no finite number',
      '  skipped: row 4 is no whole JSON object',
    ])
  })
  test('changes nothing the second time, and grows by what is new', async () => {
    const project = await makeLadder()
    await run(project, csv(TABLE))
    const before = await storedIn(project)
    const writes = server.writes()
    const again = await run(project, csv(TABLE))
    expect(again.lines[0]).toContain('0 scores written')
    expect(again.lines[0]).toContain('3 were there already')
    expect([await storedIn(project), server.writes()]).toEqual([before, writes])
    const grown = await run(
      project,
      csv(`${HEAD}\nsft,arc,acc,44,100,,,2,25,,,,\n${TABLE.split('\n').slice(1).join('\n')}`),
    )
    expect(grown.lines[0]).toContain('1 score written to sft@0; 3 were there already')
  })
  test('of one checkpoint names it once', async () => {
    const project = await makeLadder()
    const { lines } = await run(
      project,
      csv('benchmark,score,kind,note\nnew-bench,0.5,accuracy,x\n'),
      '--checkpoint',
      'sft',
    )
    expect(lines).toEqual([expect.stringContaining('1 score written to sft@0'), '  ignored columns: note'])
  })
})

describe('a row that cannot be taken', () => {
  test.each([
    ['of an unknown checkpoint', 'nowhere,arc,acc,0.5', /row 1 No checkpoint of .* is called "nowhere"/],
    [
      'of an unknown benchmark',
      'sft,arcc,score,0.5',
      /row 1 The benchmark "arcc" is not defined yet\. Did you mean "arc"\?/,
    ],
    ['with a decimal comma', 'sft,arc,acc,"0,5"', /row 1 has score "0,5" with a decimal comma/],
    ['outside its scale', 'sft,arc,acc,45', /row 1 The score 45/],
    ['with too many cells', 'sft,arc,acc,0.5,1,2,3,4,5', /row 1 has 9 cells, the head has 4/],
    ['without a checkpoint', ',arc,acc,0.5', /row 1 names no checkpoint/],
  ])('%s is skipped and listed', async (_, row, why) => {
    const project = await makeLadder()
    await run(project, csv(TABLE))
    const before = await storedIn(project)
    const { lines, error } = await run(project, csv(`checkpoint,benchmark,metric,score\n${row}\n`))
    expect([error, lines[0]]).toEqual([null, expect.stringContaining('1 record skipped')])
    expect(lines[1]).toMatch(why)
    expect(await storedIn(project)).toEqual(before)
  })
  test.each([
    ['no such columns', 'model,value\na,1\n', /has no column benchmark and no column score/],
    ['nothing in it', 'benchmark,score\n', /has no rows of scores/],
  ])('a file with %s is an error', async (_, text, why) => {
    const { error } = await run(await makeLadder(), csv(text))
    expect(error).toMatch(why)
  })
})

describe('names that the project does not know', () => {
  test('become external bases when asked for', async () => {
    const project = await makeLadder()
    const table = csv(
      'checkpoint,benchmark,score,kind\nother/Model-7B,arc,0.5,accuracy\nother/Model-7B,arc2,0.25,accuracy\n',
    )
    const dry = await run(project, table, '--make-bases', '--dry-run')
    expect([dry.lines[0], (await storedIn(project)).length]).toEqual([
      expect.stringContaining('2 scores would be written'),
      0,
    ])
    const { lines } = await run(project, table, '--make-bases')
    expect(lines[0]).toContain('2 scores written to other/Model-7B')
    const [row] = await lab.database.sql`
      select slug, stage_kind, root->>'name' as name from experiments where name = 'other/Model-7B'`
    expect(row).toEqual({ slug: 'other-model-7b', stage_kind: 'external_base', name: 'other/Model-7B' })
  })
})

let tables = 0
const csv = (text: string): string => {
  const at = path.join(folder, `table-${++tables}.csv`)
  writeFileSync(at, text)
  return at
}

let ladders = 0

/** A project with a base called org/base and a stage from a file. */
async function makeLadder(): Promise<string> {
  const { slug } = await makeProject(lab, `scores-${++ladders}`)
  await makeExperiment(lab, slug, 'base', {
    stage: 'external_base',
    root: { kind: 'external_base', name: 'org/base', revision: 'main' },
  })
  await makeExperiment(lab, slug, 'sft', { parents: [{ experiment: 'base', kind: 'init' }] })
  await lab.database.sql`
    insert into checkpoints (uid, workspace_id, project_id, experiment_id, step, location)
    select gen_random_uuid(), workspace_id, project_id, id, 0, 'sft@0' from experiments
    where slug = 'sft' and project_id = (select id from projects where slug = ${slug})`
  return slug
}

const run = (project: string, file: string, ...args: string[]) =>
  server.descentImport(lab.key('ingest').actor, 'scores', file, '--project', project, ...args)

async function storedIn(project: string) {
  const rows = await lab.database.sql`
    select x.slug as stage, b.slug, e.metric, e.score, e.scale, e.stderr, e.n, e.seed, e.measured_at
    from evaluations e join checkpoints c on c.id = e.checkpoint_id join experiments x on x.id = c.experiment_id
    join benchmarks b on b.id = e.benchmark_id
    where e.project_id = (select id from projects where slug = ${project}) order by e.id`
  return rows.map((r) => [
    r.stage,
    r.slug,
    r.metric,
    r.score,
    r.scale,
    r.stderr,
    r.n,
    r.seed,
    r.measured_at === null ? null : new Date(r.measured_at).toISOString(),
  ])
}
