import { randomUUID } from 'node:crypto'
import type { Door } from './door.ts'
import { sendFile } from './send-file.ts'

/** Two projects of two finished runs each, "low" and "high", and the entries of all four; run 1 of each said something at 0 and 10. */
export async function seedTwoProjects(door: Door): Promise<{ entries: string[]; projects: string[] }> {
  const mark = randomUUID().slice(0, 8)
  const entries: string[] = []
  const projects: string[] = []
  for (const [at, name] of ['one', 'other'].entries()) {
    const project = `${name}-${mark}`
    projects.push(project)
    await door.send('PUT', `/projects/${project}`, { name: project })
    const root = { stage: 'pretrain', root: { kind: 'random_init' }, params: 1000 }
    await door.send('PUT', `/projects/${project}/experiments/base`, root)
    for (const [i, word] of ['low', 'high'].entries()) {
      const uid = randomUUID()
      const config = { lr: 0.001 * (1 + i + 2 * at) }
      await door.send('PUT', `/projects/${project}/runs/${uid}`, {
        experiment: 'base',
        name: `${word} of ${name}`,
        config,
      })
      await door.send('POST', `/runs/${uid}/attempts`, {})
      const step = Array.from({ length: 20 }, (_, n) => n)
      const m = { loss: step.map((n) => 1 + i + at / 2 + 1 / (n + 1)) }
      const head = { 'x-stream': randomUUID(), 'x-seq': '1', 'x-attempt': '1' }
      await door.send('POST', `/runs/${uid}/metrics`, { groups: [{ step, m }] }, head)
      if (i === 0)
        for (const said of [0, 10])
          await sendFile(door, uid, `media/sample/${said}.txt`, `${name} says ${said}`, {
            type: 'text',
            key: 'sample',
            step: said,
          })
      await door.send('POST', `/runs/${uid}/finish`, { attempt: 1, reason: 'finished', exit_code: 0 })
      entries.push(`run:${uid}`)
    }
  }
  return { entries, projects }
}
