import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ColumnValuesInput } from '#src/protocol/column-values.ts'
import { getColumnValues } from '#src/services/runs/column-values.ts'
import { getRunDetail } from '#src/services/runs/detail.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { startAttempt } from '#src/services/runs/start-attempt.ts'
import { type Lab, makeProject, makeRun, openLab } from '#test/factories/lab.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

/** A run, and what sends points of one attempt for steps from `from` to before `to`. */
async function sender() {
  const project = await makeProject(lab)
  const run = await makeRun(lab, project.slug)
  const send = (attempt: number, from: number, to: number) => {
    const step = Array.from({ length: to - from }, (_, i) => from + i)
    return lab.services.metrics.append({
      workspaceId: lab.workspaceId,
      projectId: project.id,
      runId: run.id,
      clientId: randomUUID(),
      seq: 1,
      attempt,
      fence: 0,
      body: Buffer.from(JSON.stringify({ groups: [{ step, m: { loss: step, 'system/box/cpu.util': step } }] })),
    })
  }
  return { project, run, send }
}

test('a run is told to have ended once its summaries can be read', async () => {
  const { project, run, send } = await sender()
  const ask = ColumnValuesInput.parse({ fields: ['metrics.loss.max'] })
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (attempt > 1) await startAttempt(run.ctx, { run: run.uid, first_step: attempt * 10 })
    await send(attempt, attempt * 10, attempt * 10 + 10)
    await finishRun(run.ctx, { run: run.uid, attempt, reason: 'finished', streams: [] })
    const told = await getColumnValues(lab.user('viewer'), { workspace: 'lab', project: project.slug, ...ask })
    expect(told.columns).toEqual([[attempt * 10 + 9]])
  }
})

test('an attempt that a later one went behind says how far it came, and one that ended in time how far that one left it', async () => {
  const { run, send } = await sender()
  await send(1, 0, 48)
  await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'killed', streams: [] })
  await startAttempt(run.ctx, { run: run.uid, first_step: 41 })
  await send(2, 41, 60)
  await finishRun(run.ctx, { run: run.uid, attempt: 2, reason: 'preempted', streams: [] })
  await startAttempt(run.ctx, { run: run.uid, first_step: 60 })
  await send(3, 60, 90)
  const detail = await getRunDetail(lab.user('viewer'), { run: run.uid })
  expect(
    detail.attempts.map(({ number, first_step, last_step }) => [number, first_step, last_step]).slice(0, 2),
  ).toEqual([
    [1, 0, 47],
    [2, 41, 59],
  ])
})
