import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'
import { WORKSPACE } from './fixtures.ts'

/** Finished runs of these names, in this order, of the stage "base" of a new project that has a stage "other" beside it. */
export async function seedNamedRuns(door: Door, names: readonly string[]): Promise<{ project: string; runs: string }> {
  const project = `named-${randomUUID().slice(0, 8)}`
  await door.send('PUT', `/projects/${project}`, { name: project })
  const root = { kind: 'random_init' }
  for (const stage of ['base', 'other'])
    await door.send('PUT', `/projects/${project}/experiments/${stage}`, { stage: 'pretrain', root, params: 1000 })
  for (const name of names) {
    const uid = randomUUID()
    await door.send('PUT', `/projects/${project}/runs/${uid}`, { experiment: 'base', name, config: { lr: 0.1 } })
    await door.send('POST', `/runs/${uid}/attempts`, {})
    await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
  }
  return { project, runs: `/${WORKSPACE}/${project}/runs` }
}
