/** A short run of the fuzz; `npm run bench -- search` runs it for a minute on 100,000 runs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeManyRuns } from '#test/bench/many-runs.ts'
import { fuzzSearch } from '#test/bench/search-fuzz.ts'
import { type Lab, openLab } from '#test/factories/lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await openLab()
  await makeManyRuns(lab.database.sql, { workspaceId: lab.workspaceId, runs: 500, stages: 20, metricKeys: 200 })
}, 120_000)
afterAll(() => lab.close())

test('whatever is asked, it is answered or refused in words: no failure of the database, nothing over its limit', {
  timeout: 60_000,
}, async () => {
  const figures = await fuzzSearch(
    lab.user('viewer'),
    { workspace: lab.workspace, project: 'many' },
    {
      seconds: 5,
      seed: Date.now() % 1_000_000,
      vocabulary: {
        configKeys: ['lr', 'optimizer', 'model.name', 'shuffle', 'nothing', 'data set'],
        metricKeys: ['train/loss', 'probe00/norm.100', 'loss.min'],
        benchmarks: ['mmlu', 'nothing'],
        texts: ['adamw', 'fox', 'paper', 'Stage 3', 'ß', 'a "quoted" \\ one', '%', 'ä(b)'],
        numbers: [-1, 0, 0.5, 1, 3e-4, 1e21, 1e308, 5e-324],
      },
    },
  )
  expect(figures.failures).toEqual([])
  expect(figures.found).toBeGreaterThan(10)
  expect(figures.refused).toBeGreaterThan(0)
})
