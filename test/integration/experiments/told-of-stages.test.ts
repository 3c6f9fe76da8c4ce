import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getExperiment } from '#src/services/experiments/get.ts'
import { getStagePage } from '#src/services/experiments/page.ts'
import { updateExperiment } from '#src/services/experiments/update.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
let project: string
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())
beforeEach(async () => {
  project = (await makeProject(lab)).slug
  await makeExperiment(lab, project, 'base', { owner: 'Ada' })
  await makeExperiment(lab, project, 'tuned', {
    parents: [{ experiment: 'base', kind: 'adapter_on' }],
    adapter: { kind: 'lora', rank: 8 },
    mixture: [
      { source: 'task', role: 'target', share: 0.75 },
      { source: 'general', role: 'replay', share: 0.25 },
    ],
  })
})

const get = (experiment = 'tuned') => getExperiment(lab.user('viewer'), { workspace: 'lab', project, experiment })
const update = (change: object, ctx = lab.user('editor')) =>
  updateExperiment(ctx, { workspace: 'lab', project, experiment: 'tuned', ...change })

test('a stage has an owner and a team, as it was made and as people change them', async () => {
  expect(await get('base')).toMatchObject({ owner: 'Ada', team: null })
  expect(await update({ owner: 'Grace', team: 'Alignment' })).toMatchObject({ owner: 'Grace', team: 'Alignment' })
  expect(await update({ team: null })).toMatchObject({ owner: 'Grace', team: null })
})

test('a client that writes the stage anew and says nothing of its owner leaves the owner', async () => {
  await update({ owner: 'Grace', mitigations: ['ewc'] })
  await makeExperiment(lab, project, 'tuned', { parents: [{ experiment: 'base' }] as never })
  expect(await get()).toMatchObject({ owner: 'Grace', mitigations: { by: 'people' } })
})

test('what was done against forgetting is read from the records until people say it, and again when they take it back', async () => {
  expect((await get()).mitigations).toEqual({
    by: 'records',
    tags: [
      { tag: 'replay', why: '25 % replay in the mixture' },
      { tag: 'adapter', why: 'lora is trained, the base is frozen' },
    ],
  })
  expect((await update({ mitigations: ['ewc', 'replay'] })).mitigations).toMatchObject({
    by: 'people',
    tags: [{ tag: 'replay' }, { tag: 'ewc' }],
  })
  expect((await update({ mitigations: null })).mitigations.by).toBe('records')
})

test('a stage that trained an adapter is reversible on its page, full tuning is not', async () => {
  const page = (experiment: string) => getStagePage(lab.user('viewer'), { workspace: 'lab', project, experiment })
  expect((await page('tuned')).experiment.reversible).toBe(true)
  expect((await page('base')).experiment.reversible).toBe(false)
})

test('who may only look, and keys that only send data, change none of it', async () => {
  await expectRefusal(update({ owner: 'Eve' }, lab.user('viewer')), 'forbidden')
  await expectRefusal(update({ owner: 'Eve' }, lab.key('ingest')), 'forbidden')
})
