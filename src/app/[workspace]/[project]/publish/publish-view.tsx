'use client'
import { Checkbox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { DECIMALS_MAX, hasScores, PUBLISHED_TABLES } from '#src/core/publish/table-names.ts'
import type { FrozenSummary, PublishedTable } from '#src/protocol/publish.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { FrozenTables } from './frozen-tables.tsx'
import { OwnGroups } from './own-groups.tsx'
import { PastedTable } from './pasted-table.tsx'
import styles from './publish.module.css'
import { FORMS, type Form, PUBLISH_VIEW, requestOf, TABLE_WORDS } from './publish-look.ts'
import { SavedText, TextForms } from './text-forms.tsx'

/** Of its address. */
const WORDS = Object.keys(PUBLISH_VIEW)

interface Place {
  workspace: string
  project: string
}

/** The tables of a release page, a model card or a paper, made from what was recorded; each copies out with the same cells. */
export function PublishView({ mayWrite, ...place }: Place & { mayWrite: boolean }) {
  const [view, set] = useQueryStates(PUBLISH_VIEW)
  const trpc = useTRPC()
  const { form, model, groups, decimals, ...options } = view
  const input = {
    ...place,
    ...options,
    decimals: Math.min(DECIMALS_MAX, Math.max(0, decimals)),
    ...(model !== null && { model }),
    ...(groups !== null && { groups }),
  }
  const table = useQuery(
    trpc.publish.table.queryOptions(input, { refetchInterval: POLL_IDLE_MS, placeholderData: keepPreviousData }),
  )
  return (
    <Page>
      <UnknownParts known={WORDS} />
      <PageHead
        title="Publish"
        sentence={table.data?.sentence ?? 'Tables for a card, a paper or a release page, from what was recorded'}
      />
      <div className={styles.controls}>
        <Select
          aria-label="Table"
          w={180}
          value={view.table}
          data={PUBLISHED_TABLES.map((value) => ({ value, label: TABLE_WORDS[value] }))}
          onChange={(value) => void set({ table: PUBLISHED_TABLES.find((one) => one === value) ?? 'benchmarks' })}
        />
        {view.table === 'models' ? null : (
          <ModelSelect data={table.data} value={model} onChange={(n) => void set({ model: n })} />
        )}
        {hasScores(view.table) ? (
          <Select
            aria-label="Decimals"
            w={118}
            value={String(input.decimals)}
            data={Array.from({ length: DECIMALS_MAX + 1 }, (_, n) => ({
              value: String(n),
              label: n === 1 ? '1 decimal' : `${n} decimals`,
            }))}
            onChange={(value) => void set({ decimals: Number(value ?? 1) })}
          />
        ) : null}
        {view.table === 'benchmarks' ? (
          <>
            <Option label="Intervals" checked={view.intervals} onChange={(intervals) => void set({ intervals })} />
            <Option label="Lost" checked={view.lost} onChange={(lost) => void set({ lost })} />
            <Option label="Change" checked={view.change} onChange={(change) => void set({ change })} />
          </>
        ) : null}
        <Option label="Turned" checked={view.turned} onChange={(turned) => void set({ turned })} />
      </div>
      <Answer query={table} what="The table" loading={<LoadingRows rows={12} height={26} />}>
        {(data) => (
          <>
            {view.table === 'groups' && data.benchmarks.length > 0 ? (
              <OwnGroups
                key={groups ?? ''}
                benchmarks={data.benchmarks}
                value={groups}
                onChange={(value) => void set({ groups: value })}
              />
            ) : null}
            <Shown
              {...place}
              data={data}
              form={form}
              onForm={(next) => void set({ form: next })}
              choice={{ ...options, model, groups, decimals: input.decimals }}
              mayWrite={mayWrite}
              isBehind={table.isPlaceholderData}
            />
          </>
        )}
      </Answer>
    </Page>
  )
}

function ModelSelect(props: {
  data: PublishedTable | undefined
  value: number | null
  onChange: (number: number | null) => void
}) {
  const models = props.data?.models ?? []
  const shown = props.value ?? props.data?.model?.number ?? null
  const options = (isLeaf: boolean) =>
    models
      .filter((model) => model.is_leaf === isLeaf)
      .map((model) => ({ value: String(model.number), label: `${model.name} #${model.number}` }))
  return (
    <Select
      aria-label="Model, by its last stage"
      w={220}
      searchable={models.length > 12}
      value={shown === null ? null : String(shown)}
      placeholder={props.data ? 'No stage yet' : 'Loading'}
      data={[
        { group: 'Ends of a path', items: options(true) },
        { group: 'Stages on the way', items: options(false) },
      ].filter(({ items }) => items.length > 0)}
      onChange={(value) => props.onChange(value === null ? null : Number(value))}
    />
  )
}

function Option(props: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <Checkbox
      size="xs"
      label={props.label}
      checked={props.checked}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  )
}

function Shown(
  props: Place & {
    data: PublishedTable
    form: Form
    onForm: (form: Form) => void
    choice: FrozenSummary['choice']
    mayWrite: boolean
    /** The table is the one of before, until the answer comes. */
    isBehind: boolean
  },
) {
  const { workspace, project, data, form, onForm, choice, mayWrite } = props
  if (data.empty !== null) {
    return (
      <Empty title="Nothing to publish yet" text={data.empty}>
        <Link className="link" href={paths.lineage(workspace, project)}>
          To the lineage
        </Link>
      </Empty>
    )
  }
  return (
    <>
      <Section title={data.title} className={styles.first}>
        <PublishedTableView label={data.title} table={data.table} footRows={data.foot_rows} fit />
        {data.notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
      </Section>
      <TextForms
        document={data}
        forms={FORMS}
        form={form}
        onForm={onForm}
        name={nameOf(project, data)}
        request={{ path: `/projects/${encodeURIComponent(project)}/publish`, query: requestOf(choice) }}
        card={<Card {...props} decimals={choice.decimals} />}
      />
      <FrozenTables
        workspace={workspace}
        project={project}
        choice={{ ...choice, model: choice.model ?? data.model?.number ?? null }}
        title={data.title}
        mayWrite={mayWrite}
        isBehind={props.isBehind}
      />
      <PastedTable here={data.table} />
    </>
  )
}

const nameOf = (project: string, { model }: PublishedTable): string => (model ? `${project}-${model.slug}` : project)

function Card({ workspace, project, data, decimals }: Place & { data: PublishedTable; decimals: number }) {
  const trpc = useTRPC()
  const model = data.model?.number
  const card = useQuery(
    trpc.publish.card.queryOptions({ workspace, project, decimals, ...(model !== undefined && { model }) }),
  )
  return (
    <Answer query={card} what="The card" loading={<LoadingRows rows={8} height={19} />}>
      {({ markdown, base_note }) => (
        <>
          {base_note === null ? null : <p className={styles.note}>{base_note}</p>}
          <SavedText form="card" name={`${nameOf(project, data)}-card`} text={markdown} />
        </>
      )}
    </Answer>
  )
}
