'use client'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { formatNumber } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import type { SeedGroups } from '#src/protocol/seeds.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { StagePlace } from './stage-place.ts'

type Group = SeedGroups['groups'][number]

/** Mean and spread over training seeds, apart from the item intervals above; nothing below three seeds. */
export function StageSeeds({ page, workspace, project, number }: StagePlace & { page: StagePage }) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.evaluations.seeds.queryOptions({ workspace, project, experiment: number }))
  return data?.groups.map((group) => {
    const table = seedTable(group, page)
    const runs = group.runs.map((run) => run.number).join(', ')
    return (
      <Section
        key={runs}
        title={`Over ${group.runs.length} training seeds`}
        note={`runs ${runs}, one configuration`}
        actions={<PictureMenu name={`${project}-stage-${number}-seeds`} table={table} />}
      >
        <PublishedTableView label={table.title} table={table.table} fit />
        <Text className="ink-3" size="xs" pt={8}>
          {table.notes.join(' ')}
        </Text>
      </Section>
    )
  })
}

/** Mean ± SD beside the one checkpoint of the stage with its item interval: two questions, two columns. */
function seedTable(group: Group, page: StagePage): TableText {
  const own = (slug: string) => {
    const change = page.changes.find(({ benchmark }) => benchmark.slug === slug)
    if (change?.value != null) return { score: change.value, low: change.value_low, high: change.value_high }
    return page.card.scores.find(({ benchmark }) => benchmark.slug === slug)
  }
  return {
    title: `Over ${group.runs.length} training seeds`,
    table: {
      columns: [
        { name: 'Benchmark', align: 'left' },
        { name: 'Mean ± SD over runs', align: 'right' },
        { name: 'Runs', align: 'right' },
        { name: 'Each run', align: 'right' },
        { name: 'This checkpoint, item interval', align: 'right' },
      ],
      rows: group.spreads.map(({ benchmark, mean, sd, n, scores }) => {
        const score = own(benchmark.slug)
        const print = (value: number) => formatNumber(value, digitsOf(benchmark, mean))
        return [
          { text: benchmark.name },
          { text: `${print(mean)} ± ${print(sd)}` },
          { text: String(n) },
          { text: scores.map((one) => print(one.score)).join(', ') },
          {
            text: !score
              ? 'not measured'
              : score.low === null || score.high === null
                ? `${print(score.score)} (no interval)`
                : `${print(score.score)} (${print(score.low)} to ${print(score.high)})`,
          },
        ]
      }),
    },
    footRows: 0,
    notes: [
      'The spread says whether another run would find the score; an item interval says whether other questions would. The two are never pooled, and the best of the seeds is never compared with a mean over seeds.',
    ],
  }
}
