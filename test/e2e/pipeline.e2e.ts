/**
 * The main job: a real agent trains the quick pipeline with real torch, and the pages show what the database holds. Skipped
 * where there is no Python with torch.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { formatCount } from '../../src/core/format/count.ts'
import { type AgentProcess, launchQuick, runToEnd, startAgent } from './setup/agent-on-the-box.ts'
import { readDatabase } from './setup/database.ts'
import { openDoor } from './setup/door.ts'
import { expect, test, WORKSPACE } from './setup/fixtures.ts'
import { adminKey } from './setup/on-the-box.ts'

const PROJECT = 'quick-lifecycle'
const HOME = `/${WORKSPACE}/${PROJECT}`
const python = process.env.DESCENT_TEST_PYTHON

test.describe.configure({ mode: 'serial' })
test.skip(!python, 'no Python environment with torch: DESCENT_TEST_PYTHON is not set')

let agent: AgentProcess | null = null
let folder = ''

test.beforeAll(async () => {
  test.setTimeout(480_000)
  folder = mkdtempSync(path.join(tmpdir(), 'descent-e2e-agent-'))
  const data = path.join(folder, 'data')
  await runToEnd(python ?? '', ['workers/recipes/prepare_data.py', '--synthetic', '--quick', '--out', data])
  agent = startAgent(python ?? '', path.join(folder, 'agent'))
  const door = openDoor(adminKey())
  const pipeline = await launchQuick(door, PROJECT, data)
  await expect
    .poll(
      async () => (await door.send<{ ended: boolean }>('GET', `/projects/${PROJECT}/pipelines/${pipeline}`)).ended,
      {
        timeout: 420_000,
        intervals: [1_000],
      },
    )
    .toBe(true)
})

test.afterAll(async () => {
  await agent?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test.beforeEach(async ({ login }) => {
  await login()
})

test('every stage finished, each with a run, points, a checkpoint and evaluations', async () => {
  const rows = await readDatabase(
    (sql) => sql<{ slug: string; runs: number; points: number; checkpoints: number; evaluations: number }[]>`
      select x.slug,
        (select count(*) from runs r where r.experiment_id = x.id and r.state = 'finished') as runs,
        (select coalesce(sum(n), 0) from (
          select t.n_points as n from metric_tail t join runs r on r.id = t.run_id where r.experiment_id = x.id
          union all
          select m.n from metric_series m join runs r on r.id = m.run_id where r.experiment_id = x.id) p) as points,
        (select count(*) from checkpoints c where c.experiment_id = x.id) as checkpoints,
        (select count(*) from evaluations v join checkpoints c on c.id = v.checkpoint_id where c.experiment_id = x.id and v.status = 'complete') as evaluations
      from experiments x join projects p on p.id = x.project_id where p.slug = ${PROJECT} order by x.number`,
  )
  expect(rows).toHaveLength(10)
  for (const row of rows) {
    expect(Number(row.runs), row.slug).toBe(2)
    expect(Number(row.points), row.slug).toBeGreaterThan(10)
    expect(Number(row.checkpoints), row.slug).toBeGreaterThanOrEqual(1)
    expect(Number(row.evaluations), row.slug).toBeGreaterThanOrEqual(8)
  }
})

test('the lineage shows ten finished stages of five kinds, with the tokens of the database', async ({ page }) => {
  await page.goto(HOME)
  await expect(page.getByRole('group', { name: /, stage \d/ })).toHaveCount(10)
  const base = page.getByRole('group', { name: /^base, stage/ })
  await expect(base).toContainText('Finished')
  const [row] = await readDatabase(
    (sql) => sql<{ tokens: number }[]>`
      select max(c.tokens) as tokens from checkpoints c join experiments x on x.id = c.experiment_id join projects p on p.id = x.project_id
      where p.slug = ${PROJECT} and x.slug = 'base'`,
  )
  await expect(base).toContainText(formatCount(Number(row?.tokens)))
})

test('the stage page shows the scores of its checkpoint and of its parent', async ({ page }) => {
  const scores = await readDatabase(
    (sql) => sql<{ slug: string; number: number; score: number }[]>`
      select x.slug, x.number, v.score from evaluations v
        join checkpoints c on c.id = v.checkpoint_id join experiments x on x.id = c.experiment_id
        join projects p on p.id = x.project_id join benchmarks b on b.id = v.benchmark_id
      where p.slug = ${PROJECT} and b.slug = 'general-bpb' and x.slug in ('task-full', 'sft-replay') and v.superseded_by is null`,
  )
  const stage = scores.find((row) => row.slug === 'task-full')
  const parent = scores.find((row) => row.slug === 'sft-replay')
  await page.goto(`${HOME}/experiments/${stage?.number}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('task-full')
  const row = page.getByRole('row', { name: /General/ }).first()
  await expect(row).toContainText(Number(stage?.score).toFixed(3))
  await expect(row).toContainText(Number(parent?.score).toFixed(3))
})

test('the run page shows its steps, its last loss and its console', async ({ page }) => {
  const [run] = await readDatabase(
    (sql) => sql<{ number: number; last_step: number }[]>`
      select r.number, r.last_step from runs r join experiments x on x.id = r.experiment_id join projects p on p.id = x.project_id
      where p.slug = ${PROJECT} and x.slug = 'base' and r.kind = 'train'`,
  )
  await page.goto(`${HOME}/runs/${run?.number}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('base')
  await expect(page.getByText('Finished').first()).toBeVisible()
  await expect(page.getByText(/parameters on cpu/).first()).toBeVisible()
  await expect(page.locator('main')).toContainText(String(Number(run?.last_step) + 1))
})

test('pages open no database: one lock and one set of clients, no larger than one process makes', async ({ page }) => {
  for (const address of [HOME, `${HOME}/runs`, `${HOME}/evaluations`, `${HOME}/experiments/1`]) await page.goto(address)
  const rows = await readDatabase(
    (sql) => sql<{ name: string; n: number }[]>`
      select application_name as name, count(*)::int as n from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' group by 1`,
  )
  const held = Object.fromEntries(rows.map((row) => [row.name, row.n]))
  expect(Object.keys(held).sort()).toEqual(['descent drizzle', 'descent lock', 'descent seal', 'descent sql'])
  expect(held['descent lock']).toBe(1)
  // A second set in Next's bundle would carry the same names: only the number tells.
  expect(held['descent drizzle']).toBeLessThanOrEqual(8)
  expect(held['descent sql']).toBeLessThanOrEqual(8)
  expect(held['descent seal']).toBeLessThanOrEqual(2)
})
