'use client'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { mitigationTable } from './mitigation-table.ts'

/** The stages of a project grouped by what was done against forgetting, each with what it kept as measured. */
export function MitigationPart({ workspace, project }: { workspace: string; project: string }) {
  const trpc = useTRPC()
  const stages = useQuery(trpc.forgetting.mitigated.queryOptions({ workspace, project }))
  const table = stages.data && mitigationTable(stages.data.stages)
  return (
    <Section
      title="By what was done against forgetting"
      actions={
        table && table.heads.size > 0 ? <PictureMenu name={`${project}-mitigations`} table={table} /> : undefined
      }
    >
      <Answer query={stages} what="What was done against forgetting" loading={<LoadingRows rows={5} />}>
        {(data) => {
          const { table: rows, heads, stages: of, notes, title } = mitigationTable(data.stages)
          return data.stages.length === 0 ? (
            <Empty
              title="No stage starts from another yet"
              text="Replay, adapters, regularisation and the like are read from mixture, method and config of each stage; its page lets you say them yourself."
            />
          ) : (
            <>
              <PublishedTableView
                label={title}
                table={rows}
                strong={(row) => heads.has(row)}
                hrefOf={(row) => {
                  const stage = of[row]?.experiment
                  return stage ? paths.stage(workspace, stage.project, stage.number) : null
                }}
              />
              <Text className="ink-3" size="xs" pt={8}>
                {notes.join(' ')}
              </Text>
            </>
          )
        }}
      </Answer>
    </Section>
  )
}
