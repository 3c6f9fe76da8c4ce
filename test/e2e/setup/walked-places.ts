/** One of each thing that has a page: the recorded lifecycle, a frozen table of it, a comparison in it, and a project without anything. */
import type { Door } from './door.ts'
import { WORKSPACE } from './fixtures.ts'
import { replayLifecycle } from './replay-lifecycle.ts'
import type { Places } from './routes.ts'

export async function makePlaces(door: Door, reader: Door): Promise<{ places: Places; empty: string }> {
  const project = `walked-${Date.now()}`
  const empty = `${project}-empty`
  await replayLifecycle(door, project)
  await door.send('PUT', `/projects/${empty}`, { name: 'Nothing yet' })
  const table = await reader.send<{ id: string }>('POST', `/projects/${project}/frozen-tables`, {
    table: 'stages',
    title: 'As it was',
  })
  const comparison = await reader.send<{ id: string }>('POST', '/comparisons', {
    title: 'Two ends',
    entries: [`stage:${project}:8`, `stage:${project}:9`],
  })
  const benchmarks = await reader.send<{ items: { slug: string }[] }>('GET', '/benchmarks')
  const benchmark = benchmarks.items[0]?.slug ?? ''
  // That of the stage that is walked: measured, and with stages before it.
  const lineage = await reader.send<{ cards: { number: number; checkpoint: { id: string } | null }[] }>(
    'GET',
    `/projects/${project}/lineage`,
  )
  const checkpoint = lineage.cards.find(({ number }) => number === 8)?.checkpoint?.id ?? ''
  const one = await reader.send<{ protocols: { fingerprint: string }[] }>('GET', `/benchmarks/${benchmark}`)
  return {
    empty,
    places: {
      workspace: WORKSPACE,
      project,
      stage: 8,
      run: 8,
      checkpoint,
      benchmark,
      protocol: one.protocols[0]?.fingerprint ?? '',
      table: table.id,
      comparison: comparison.id,
    },
  }
}
