'use client'
import { Skeleton, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { TITLE_MAX } from '#src/core/publish/frozen.ts'
import type { FrozenSummary } from '#src/protocol/publish.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { TABLE_WORDS } from './publish-look.ts'

interface Props {
  workspace: string
  project: string
  choice: FrozenSummary['choice']
  /** Of the table as it stands. */
  title: string
  mayWrite: boolean
  /** The table on the screen is the one of before, until the answer comes. */
  isBehind: boolean
}

/** Tables that were kept as they stood; the one on the screen may be kept too. */
export function FrozenTables(props: Props) {
  const { workspace, project, mayWrite, isBehind } = props
  const trpc = useTRPC()
  const frozen = useQuery(trpc.publish.frozen.queryOptions({ workspace, project }))
  const [opened, setOpened] = useState(false)
  return (
    <Section
      title="Frozen tables"
      note="as they stood on their day; later scores leave them as they are"
      actions={
        <ExplainedButton
          size="compact-xs"
          why={
            mayWrite ? (isBehind ? 'The table is being made.' : null) : 'Your role here can look but not freeze tables.'
          }
          onClick={() => setOpened(true)}
        >
          Freeze this table
        </ExplainedButton>
      }
    >
      <Answer query={frozen} what="The frozen tables" loading={<Skeleton height={60} />}>
        {({ items }) => (
          <DataTable
            label="Frozen tables"
            columns={columnsOf(workspace, project)}
            rows={items}
            rowKey={({ id }) => id}
            none="None yet. A frozen table can be linked from a paper or an issue: it says what it said on that day."
          />
        )}
      </Answer>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Freeze this table">
        {opened ? <FreezeForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </Section>
  )
}

const columnsOf = (workspace: string, project: string): readonly Column<FrozenSummary>[] => [
  {
    key: 'title',
    title: 'Title',
    head: true,
    cell: ({ id, title }) => (
      <Link className="link" href={paths.frozenTable(workspace, project, id)}>
        {title}
      </Link>
    ),
  },
  { key: 'table', title: 'Table', nowrap: true, cell: ({ choice }) => TABLE_WORDS[choice.table] },
  { key: 'by', title: 'By', nowrap: true, cell: ({ by }) => by },
  { key: 'at', title: 'Frozen', align: 'right', nowrap: true, cell: ({ at }) => <Ago at={at} /> },
]

function FreezeForm({ workspace, project, choice, title, onClose }: Props & { onClose: () => void }) {
  const [name, setName] = useState(title)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const go = useGo()
  const freeze = useMutation(
    trpc.publish.freeze.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.publish.frozen.queryFilter({ workspace, project }))
        onClose()
        go(paths.frozenTable(workspace, project, id))
      },
    }),
  )
  const { model, groups, ...rest } = choice
  const submit = (event: FormEvent) => {
    event.preventDefault()
    freeze.mutate({
      workspace,
      project,
      ...rest,
      ...(model !== null && { model }),
      ...(groups !== null && { groups }),
      ...(name.trim() !== '' && { title: name }),
    })
  }
  const refused = refusedBy(freeze.error, ['title'])
  return (
    <form onSubmit={submit} noValidate>
      <TextInput
        label="Title"
        description="Of the list and of the page; the table keeps its own"
        maxLength={TITLE_MAX}
        value={name}
        error={refused.at('title')}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <FormFoot refused={refused.elsewhere} verb="Freeze" busy={freeze.isPending} onClose={onClose} />
    </form>
  )
}
