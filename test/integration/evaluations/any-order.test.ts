/** Whatever order evaluations come in, however often, from whichever client: what is shown is the same. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addItems, completeEvaluation } from '#src/services/evaluations/add-items.ts'
import { getChanges } from '#src/services/evaluations/changes.ts'
import { listHistory } from '#src/services/evaluations/history.ts'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getEvaluationTable } from '#src/services/evaluations/table.ts'
import { accuracy, evaluation, rightOf } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

/** One measurement; `day` tells its place in time. */
interface Measured {
  stage: 0 | 1
  benchmark: 0 | 1
  client: 0 | 1
  seed: 0 | 1
  variant: '' | 'best prompt'
  right: number
  day: number
  parts: 1 | 2
}

const ITEMS = 12
const measured = fc.record({
  stage: fc.constantFrom(0 as const, 1 as const),
  benchmark: fc.constantFrom(0 as const, 1 as const),
  client: fc.constantFrom(0 as const, 1 as const),
  seed: fc.constantFrom(0 as const, 1 as const),
  variant: fc.constantFrom('' as const, '' as const, 'best prompt' as const),
  right: fc.nat(ITEMS),
  parts: fc.constantFrom(1 as const, 2 as const),
})
const history = fc
  .array(measured, { minLength: 1, maxLength: 8 })
  .map((list) => list.map((one, i): Measured => ({ ...one, day: i + 1 })))
const twice = history.chain((list) =>
  fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }).map((shuffled) => ({ list, shuffled })),
)

test('the table, the changes and the histories are those of the order in which they were measured', async () => {
  await fc.assert(
    fc.asyncProperty(twice, async ({ list, shuffled }) => {
      const inOrder = await shownAfter(list)
      const anyhow = await shownAfter(shuffled)
      expect(anyhow).toEqual(inOrder)
    }),
    { numRuns: 8 },
  )
}, 240_000)

test('what stands on a checkpoint is counted as its evaluations are; each that comes or goes changes its number, and none of another checkpoint does', async () => {
  await fc.assert(
    fc.asyncProperty(twice, async ({ shuffled }) => {
      const before = await standing()
      const newest = async () => Math.max(0, ...(await standing()).map((row) => row.version))
      let last = await newest()
      await shownAfter(shuffled, async () => {
        const next = await newest()
        expect(next).toBeGreaterThan(last)
        last = next
      })
      const after = await standing()
      for (const row of after) expect(row.told).toBe(row.standing)
      const known = new Map(before.map((row) => [row.id, row.version]))
      expect(after.filter((row) => known.get(row.id) === row.version).length).toBe(before.length)
      expect(new Set(after.map((row) => row.version)).size).toBe(after.length)
      const [one] = after
      if (!one) return
      await lab.database.sql`delete from evaluations where checkpoint_id = ${one.id}`
      const left = (await standing()).find((row) => row.id === one.id)
      expect([left?.told, left?.version === one.version]).toEqual([0, false])
    }),
    { numRuns: 4 },
  )
}, 120_000)

const standing = () => lab.database.sql<{ id: number; told: number; standing: number; version: number }[]>`
  select m.checkpoint_id as id, m.standing as told, m.version,
    (select count(*)::int from evaluations e where e.checkpoint_id = m.checkpoint_id and e.status = 'complete'
      and e.superseded_by is null) as standing
  from measured_checkpoints m order by m.checkpoint_id desc`

/** What people see of a new project after these have come. The second client has a newer harness. */
async function shownAfter(list: readonly Measured[], afterEach: () => Promise<void> = async () => {}) {
  const project = await makeProject(lab)
  await makeExperiment(lab, project.slug, 'base')
  const first = await makeRun(lab, project.slug, 'base')
  const base = (await makeCheckpoint(first.ctx, first.uid)).id
  await makeExperiment(lab, project.slug, 'sft', { parents: [{ checkpoint: base, kind: 'init' }] })
  const second = await makeRun(lab, project.slug, 'sft')
  const checkpoints = [base, (await makeCheckpoint(second.ctx, second.uid)).id]
  const slugs = ['a', 'b'].map((letter) => `${letter}-${randomUUID().slice(0, 8)}`)
  const ids: string[] = []
  for (const one of list) {
    ids.push(await post(one))
    await afterEach()
  }
  const viewer = lab.user('viewer')
  const place = { workspace: 'lab', project: project.slug }
  const table = await getEvaluationTable(viewer, place)
  const histories = await Promise.all(ids.map((id) => listHistory(viewer, { evaluation: id })))
  const name = (slug: string) => slug.slice(0, 1)
  return {
    columns: table.benchmarks.map((b) => [name(b.slug), b.chance, b.unit]),
    rows: table.rows.map((row) => [
      row.experiment.slug,
      row.cells.map((cell) => cell && [cell.score, cell.low, cell.high, cell.n, cell.fingerprint, cell.trials]),
    ]),
    changes: (await getChanges(viewer, { checkpoint: checkpoints[1] ?? '', baseline: 'parent' })).map((c) => [
      name(c.benchmark.slug),
      c.change,
      c.p,
      c.reading,
      c.reason,
    ]),
    histories: [
      ...new Set(
        histories.map(({ items }) =>
          JSON.stringify(items.map((e) => [e.score, e.seed, e.variant, e.measured_at, e.fingerprint, e.superseded])),
        ),
      ),
    ].sort(),
  }

  async function post(one: Measured): Promise<string> {
    const items = rightOf(one.right, ITEMS)
    const ctx = [first.ctx, second.ctx][one.stage] ?? first.ctx
    const slug = slugs[one.benchmark] ?? ''
    // One client knows the chance level, the other leaves it open.
    const benchmark = { ...accuracy, slug, ...(one.client === 0 ? {} : { chance: null }) }
    const made = await postEvaluation(ctx, {
      ...evaluation({
        benchmark,
        protocol: { task: 'quiz', harness: 'harness', harness_version: one.client === 0 ? '1' : '2' },
        seed: one.seed,
        variant: one.variant,
        score: one.right / ITEMS,
        n: ITEMS,
        measured_at: `2026-01-${String(one.day).padStart(2, '0')}T00:00:00Z`,
        items: one.parts === 1 ? items : items.slice(0, 5),
        complete: one.parts === 1,
      }),
      checkpoint: checkpoints[one.stage] ?? '',
    })
    if (one.parts === 1) return made.id
    await addItems(ctx, { evaluation: made.id, part: 2, items: items.slice(5) })
    await completeEvaluation(ctx, { evaluation: made.id })
    return made.id
  }
}
