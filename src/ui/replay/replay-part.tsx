import { Text } from '@mantine/core'
import type { Bought } from '#src/protocol/bought.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { prepareReplay, type ReplayAsk, replayTable } from './prepare-replay.ts'

/** Below the picture over replay: what a share of earlier data kept, and what the target paid for it. */
export function ReplayPart({ project, bought, ask }: { project: string; bought: Bought; ask: ReplayAsk }) {
  const groups = prepareReplay(bought, ask)
  const table = replayTable(bought, ask, groups)
  const known = bought.stages.flatMap(({ experiment, replay }) =>
    replay === null ? [] : [`${experiment.name} ${Number((replay * 100).toFixed(1))} %`],
  )
  if (groups.length === 0)
    return (
      <Empty
        title="Vary the mixture to see a trade-off"
        text={
          known.length === 0
            ? 'No stage tells its mixture. A source of role “replay” counts as earlier data.'
            : `No two stages of one kind, as far from the root and measured on both, differ in their share of replay: ${known.join(', ')}.`
        }
      />
    )
  return (
    <Section
      title="What replay kept, and what it cost"
      actions={<PictureMenu name={`${project}-replay`} table={table} />}
    >
      <PublishedTableView label={table.title} table={table.table} />
      <Text className="ink-3" size="xs" pt={8}>
        {table.notes.join(' ')}
      </Text>
    </Section>
  )
}
