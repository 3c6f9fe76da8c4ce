import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ingestConsole } from '#src/services/console/ingest.ts'
import { findConsoleLine } from '#src/services/console/line-at.ts'
import { type Lab, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

const T0 = Date.parse('2026-01-01T00:00:00Z')
let lab: Lab
let project: { slug: string; id: number }
let run: Awaited<ReturnType<typeof makeRun>>

/** A point every second at steps 10, 20 … 100, a line a second from half a second on, in batches of three. */
beforeAll(async () => {
  lab = await openLab()
  project = await makeProject(lab)
  run = await makeRun(lab, project.slug)
  const step = Array.from({ length: 10 }, (_, i) => 10 * (i + 1))
  await lab.services.metrics.append({
    workspaceId: lab.workspaceId,
    projectId: project.id,
    runId: run.id,
    clientId: randomUUID(),
    seq: 1,
    attempt: 1,
    fence: 0,
    body: Buffer.from(
      JSON.stringify({ groups: [{ step, t: step.map((_, i) => T0 + 1_000 * i), m: { loss: step.map(() => 1) } }] }),
    ),
  })
  const stream = randomUUID()
  for (let seq = 1; seq <= 4; seq++)
    await ingestConsole(
      run.ctx,
      { run: run.uid, stream, seq, attempt: 1 },
      Buffer.from(
        JSON.stringify({
          lines: [0, 1, 2].map((i) => ({ t: T0 + 500 + 1_000 * (3 * (seq - 1) + i), fd: 1, text: `line ${seq} ${i}` })),
        }),
      ),
    )
})
afterAll(() => lab.close())

const lineAt = async (at: { step: number } | { time: number }) =>
  (await findConsoleLine(lab.user('viewer'), { run: run.uid, at })).line

test('a time leads to the last line that was printed at or before it', async () => {
  expect(await Promise.all([500, 1_499, 1_500, 7_400, 99_000].map((ms) => lineAt({ time: T0 + ms })))).toEqual([
    0, 0, 1, 6, 11,
  ])
})

test('a step leads to the line of the time at which it was logged, a step between two to that of the one before', async () => {
  expect(await Promise.all([20, 25, 100, 5_000].map((step) => lineAt({ step })))).toEqual([0, 0, 8, 8])
})

test('where nothing was printed, or logged, up to there, there is no line: not the first one', async () => {
  expect(await lineAt({ time: T0 + 499 })).toBeNull()
  expect(await lineAt({ step: 10 })).toBeNull()
  expect(await lineAt({ step: 3 })).toBeNull()
})

test('between a resume and its first point a step leads to the last point that is shown before it', async () => {
  await lab.services.metrics.startAttempt(run.id, 2, 85)
  // The points at 90 and 100 were rolled back: what is shown before step 95 is that at 80.
  expect(await lineAt({ step: 95 })).toBe(6)
  expect(await lineAt({ step: 84 })).toBe(6)
})

test('lines of a run are told to whoever may read it, and to nobody else', async () => {
  await expectRefusal(findConsoleLine(lab.stranger(), { run: run.uid, at: { step: 20 } }), 'not_found')
})
