import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ColumnValuesInput } from '#src/protocol/column-values.ts'
import { getColumnValues } from '#src/services/runs/column-values.ts'
import { deleteRun } from '#src/services/runs/delete.ts'
import { putRun } from '#src/services/runs/put.ts'
import { type Lab, makeExperiment, makeProject, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

const CONFIGS = [{ lr: 0.1, optimizer: 'adamw' }, { lr: 0.01 }, { lr: 1, optimizer: 'sgd' }, { optimizer: 'sgd' }]

/** Four runs of one stage, numbered 1 to 4. */
async function sweep() {
  const { slug: project } = await makeProject(lab)
  await makeExperiment(lab, project, 'sweep')
  const uids: string[] = []
  for (const config of CONFIGS) {
    const uid = randomUUID()
    uids.push(uid)
    const ctx = lab.key('ingest')
    await putRun(ctx, { project, run: uid, kind: 'train', experiment: 'sweep', config, environment: {}, tags: [] })
  }
  const ask = (of: Partial<ColumnValuesInput>, ctx = lab.user('viewer')) =>
    getColumnValues(ctx, {
      workspace: 'lab',
      project,
      ...ColumnValuesInput.parse({ fields: ['config.lr', 'config.optimizer'], ...of }),
    })
  return { project, uids, ask }
}

describe('the values of fields over many runs', () => {
  test('are parallel to the runs that match, null where a run lacks one', async () => {
    const { ask } = await sweep()
    const told = await ask({ q: 'number > 1', sort: [{ field: 'number', direction: 'asc' }] })
    expect(told.runs.map(({ number }) => number)).toEqual([2, 3, 4])
    expect(told.columns).toEqual([
      [0.01, 1, null],
      [null, 'sgd', 'sgd'],
    ])
    expect(told).toMatchObject({ matching: 3, baseline: null })
  })

  test('leave hidden and deleted runs out', async () => {
    const { ask, uids } = await sweep()
    await deleteRun(lab.user('admin'), { run: uids[3] ?? '' })
    const told = await ask({ hidden: [2] })
    expect(told.runs.map(({ number }) => number).sort()).toEqual([1, 3])
    expect(told.matching).toBe(2)
  })

  test('of runs that are named come in their order, whatever they match', async () => {
    const { ask } = await sweep()
    const told = await ask({ numbers: [3, 1, 99, 2], hidden: [1] })
    expect(told.runs.map(({ number }) => number)).toEqual([3, 2])
    expect(told.columns[0]).toEqual([1, 0.01])
  })

  test('tell the baseline apart, among the runs or not', async () => {
    const { ask } = await sweep()
    expect((await ask({ q: 'number = 2', baseline: 3 })).baseline).toMatchObject({
      run: { number: 3 },
      values: [1, 'sgd'],
    })
    expect((await ask({ baseline: 99 })).baseline).toBeNull()
  })

  test('are read by those who may read runs, and refused for what is no search and no field', async () => {
    const { ask } = await sweep()
    await expectRefusal(ask({}, lab.stranger()), 'not_found')
    await expectRefusal(ask({ q: 'lr >' }), 'invalid_request')
    await expectRefusal(ask({ fields: ['lr'] }), 'invalid_request')
  })
})
