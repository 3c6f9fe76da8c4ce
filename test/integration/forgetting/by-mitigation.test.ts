import { afterAll, beforeAll, expect, test } from 'vitest'
import { postEvaluation } from '#src/services/evaluations/post.ts'
import { getMitigated } from '#src/services/forgetting/by-mitigation.ts'
import { finishRun } from '#src/services/runs/finish.ts'
import { accuracy, evaluation } from '#test/factories/evaluations.ts'
import { makeCheckpoint } from '#test/factories/files.ts'
import { type Lab, makeExperiment, makeProject, makeRun, openLab } from '#test/factories/lab.ts'
import { expectRefusal } from '#test/factories/refusals.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

test('stages that start from another tell what was done and what they kept as measured; roots are left out', async () => {
  const project = (await makeProject(lab)).slug
  const checkpoints: Record<string, string> = {}
  const stage = async (slug: string, score: number, more: Parameters<typeof makeExperiment>[3] = {}) => {
    await makeExperiment(lab, project, slug, more)
    const run = await makeRun(lab, project, slug)
    checkpoints[slug] = (await makeCheckpoint(run.ctx, run.uid)).id
    await finishRun(run.ctx, { run: run.uid, attempt: 1, reason: 'finished', streams: [] })
    await postEvaluation(lab.key('ingest'), {
      ...evaluation({ benchmark: accuracy, score, n: 400 }),
      checkpoint: checkpoints[slug],
    })
  }
  await stage('base', 0.7)
  const parents = [{ checkpoint: checkpoints.base as string, kind: 'init' as const }]
  await stage('plain', 0.4, { parents })
  const mixture = [
    { source: 'task', role: 'target', share: 0.8 },
    { source: 'web', role: 'replay', share: 0.2 },
  ]
  await stage('replayed', 0.69, { parents, mixture })
  const { stages } = await getMitigated(lab.user('viewer'), { workspace: 'lab', project })
  expect(stages.map((one) => [one.experiment.slug, one.tags.map(({ tag }) => tag), one.forgot, one.kept])).toEqual([
    ['plain', [], 1, 1],
    ['replayed', ['replay'], 0, 1],
  ])
  expect(stages[0]?.retention?.mean).toBeCloseTo(-40)
  await expectRefusal(getMitigated(lab.stranger(), { workspace: 'lab', project }), 'not_found')
})
