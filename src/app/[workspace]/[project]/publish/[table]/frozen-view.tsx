'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import type { FrozenTable } from '#src/protocol/publish.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Confirm } from '#src/ui/kit/confirm.tsx'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useCrumb } from '#src/ui/shell/page-state.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { DifferenceList } from '../difference-list.tsx'
import styles from '../publish.module.css'
import { FORMS, requestOf } from '../publish-look.ts'
import { TextForms } from '../text-forms.tsx'

/** A frozen table has no card: that is of the model as it is now. */
const TEXTS = FORMS.filter((form) => form !== 'card')

/** What a link to this page carries. */
const WORDS = ['form']

interface Place {
  workspace: string
  project: string
  table: string
}

/** A table as it stood when somebody froze it, and where the live one says something else now. */
export function FrozenView(place: Place) {
  const trpc = useTRPC()
  const frozen = useQuery(trpc.publish.frozenTable.queryOptions(place))
  useCrumb(frozen.data?.title ?? null)
  return (
    <Page>
      <UnknownParts known={WORDS} />
      <Answer
        query={frozen}
        what="The frozen table"
        heading="Frozen table"
        loading={<LoadingRows rows={12} height={26} />}
      >
        {(data) => <Shown {...place} data={data} />}
      </Answer>
    </Page>
  )
}

function Shown({ workspace, project, table, data }: Place & { data: FrozenTable }) {
  const [form, setForm] = useQueryState('form', parseAsStringLiteral(TEXTS).withDefault('markdown'))
  const { title, by, at, document, choice } = data
  const live = `${paths.publish(workspace, project)}?${new URLSearchParams(requestOf(choice))}`
  return (
    <>
      <PageHead
        title={title}
        sentence={
          <>
            Frozen by {by}, <Ago at={at} />
            {document.sentence === null ? '' : `; ${document.sentence}`}
          </>
        }
      >
        <Link className="link" href={live}>
          Live table
        </Link>
        <CopyButton label="Copy link" text={typeof window === 'undefined' ? '' : window.location.href} />
        <Delete workspace={workspace} project={project} table={table} data={data} />
      </PageHead>
      <Section title={document.title} className={styles.first}>
        <PublishedTableView label={document.title} table={document.table} footRows={document.foot_rows} fit />
        {document.notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
      </Section>
      <Section title="What the live table says now">
        <div className={styles.said}>
          {data.now.gone !== null ? (
            <p>There is no live table of this choice any more: {data.now.gone}</p>
          ) : data.now.total === 0 ? (
            <p>All cells say the same today.</p>
          ) : (
            <DifferenceList differences={data.now.differences} total={data.now.total} then="frozen" now="live" />
          )}
        </div>
      </Section>
      <TextForms
        document={document}
        forms={TEXTS}
        form={form}
        onForm={(next) => void setForm(TEXTS.find((one) => one === next) ?? 'markdown')}
        name={`${project}-frozen-${table.slice(0, 8)}`}
        request={{ path: `/projects/${encodeURIComponent(project)}/frozen-tables/${table}`, query: {} }}
      />
    </>
  )
}

function Delete({ workspace, project, table, data }: Place & { data: FrozenTable }) {
  const [asked, setAsked] = useState(false)
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const go = useGo()
  const remove = useMutation(
    trpc.publish.deleteFrozen.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.publish.frozen.queryFilter({ workspace, project }))
        go(paths.publish(workspace, project))
      },
    }),
  )
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        why={data.may_delete ? null : `${data.by} froze this table; they and admins may delete it.`}
        onClick={() => setAsked(true)}
      >
        Delete
      </ExplainedButton>
      <Confirm
        opened={asked}
        title="Delete this frozen table?"
        verb="Delete it"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ workspace, project, table })}
        onClose={() => setAsked(false)}
      >
        <p>Links to it will lead nowhere. The live table stays.</p>
      </Confirm>
    </>
  )
}
