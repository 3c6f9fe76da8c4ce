'use client'
import { SegmentedControl, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { type inferParserType, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useRef } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { TIE_RULES } from '#src/core/preferences/battles.ts'
import type { PreferenceRatings, RatedModelView } from '#src/protocol/preferences.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { paths } from '#src/ui/paths.ts'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { POLL_IDLE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import {
  agreementNote,
  agreementTable,
  certainty,
  notesOf,
  orderNote,
  pairAt,
  ratingTable,
  sentenceOf,
  winTable,
} from './preference-words.ts'
import styles from './preferences.module.css'
import { RatingDrawing } from './rating-drawing.tsx'

/** What a link to this page carries. A category without a name is "". */
const VIEW = {
  anchor: parseAsString,
  ties: parseAsStringLiteral(TIE_RULES).withDefault('half'),
  category: parseAsString,
  rater: parseAsString,
}
const WORDS = Object.keys(VIEW)

/** What is asked of the ratings, as the page and a program ask for it. */
function askedOf({ ties, anchor, category, rater }: inferParserType<typeof VIEW>) {
  return {
    ties,
    ...(anchor !== null && { anchor }),
    ...(category !== null && { category }),
    ...(rater !== null && { rater }),
  }
}

interface Place {
  workspace: string
  project: string
}

/** Models in the order in which people and judge models preferred them. */
export function PreferencesView(place: Place) {
  const [view] = useQueryStates(VIEW)
  const trpc = useTRPC()
  const answer = useQuery(
    trpc.preferences.ratings.queryOptions(
      { ...place, ...askedOf(view) },
      { refetchInterval: POLL_IDLE_MS, placeholderData: (before) => before },
    ),
  )
  return (
    <Page>
      <UnknownParts known={WORDS} />
      <Answer query={answer} what="The preferences" heading="Preferences" loading={<Loading />}>
        {(data) => (data.all === 0 ? <NoBattle {...place} /> : <Shown {...place} data={data} />)}
      </Answer>
    </Page>
  )
}

function Shown({ workspace, project, data }: Place & { data: PreferenceRatings }) {
  const [view] = useQueryStates(VIEW)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const notes = notesOf(data, view)
  const table = ratingTable(data, notes)
  const wins = winTable(data, notes)
  const raters = agreementTable(data)
  const order = orderNote(data)
  const request = { path: `/projects/${encodeURIComponent(project)}/preferences`, query: askedOf(view) }
  const hrefOf = ({ experiment }: RatedModelView) =>
    experiment ? paths.stage(workspace, experiment.project, experiment.number) : null
  return (
    <>
      <PageHead title="Preferences" sentence={sentenceOf(data)} />
      <Controls
        data={data}
        menu={<PictureMenu name={`${project}-preferences`} table={table} drawing={drawing} request={request} />}
      />
      {data.unrated ? (
        <p className={styles.unrated} role="note">
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          <span>{data.unrated.reason} Win shares are shown in place of ratings.</span>
        </p>
      ) : null}
      {data.models.length === 0 ? (
        <Empty title="No battle is found" text="No battle has this category and this rater." />
      ) : (
        <>
          <div ref={ref}>
            <div ref={drawing}>
              {width === 0 ? (
                <Skeleton height={48 + 34 * data.models.length} />
              ) : (
                <RatingDrawing data={data} width={width} hrefOf={hrefOf} />
              )}
            </div>
          </div>
          <Section title="The same numbers">
            <PublishedTableView
              label={table.title}
              table={table.table}
              hrefOf={(row) => {
                const model = data.models[row]
                return model ? hrefOf(model) : null
              }}
            />
          </Section>
          {data.models.length > 1 ? (
            <Section
              title="Win shares"
              note="row over column; blue above a half for certain, orange below"
              actions={<PictureMenu name={`${project}-win-shares`} table={wins} request={request} />}
            >
              <PublishedTableView
                label={wins.title}
                table={wins.table}
                inkOf={(row, column) => {
                  const pair = row === column - 1 ? null : pairAt(data, row, column - 1)
                  return pair && certainty(pair)
                }}
              />
            </Section>
          ) : null}
          <Section title="Raters" note={agreementNote(data)}>
            {raters.table.rows.length > 0 ? <PublishedTableView label={raters.title} table={raters.table} fit /> : null}
            {order ? <p className={styles.note}>{order}</p> : null}
          </Section>
          <p className={styles.note}>{notes.join(' ')}</p>
        </>
      )}
    </>
  )
}

function Controls({ data, menu }: { data: PreferenceRatings; menu: React.ReactNode }) {
  const [view, set] = useQueryStates(VIEW)
  const withCount = (name: string, battles: number) => `${name} (${formatExactCount(battles)})`
  return (
    <div className={styles.controls}>
      {data.anchor === null ? null : (
        <Select
          aria-label="Anchor"
          className={styles.picker}
          value={data.anchor}
          searchable={data.models.length > 12}
          data={data.models.map(({ id, name }) => ({ value: id, label: `Anchor ${name}` }))}
          onChange={(anchor) => void set({ anchor })}
        />
      )}
      <SegmentedControl
        aria-label="Ties"
        value={view.ties}
        onChange={(value) => void set({ ties: TIE_RULES.find((rule) => rule === value) ?? 'half' })}
        data={[
          { value: 'half', label: 'Ties half' },
          { value: 'left_out', label: 'Ties left out' },
        ]}
      />
      {data.categories.length > 1 || view.category !== null ? (
        <Select
          aria-label="Category"
          className={styles.picker}
          // An option may not be "": a name stands behind a mark.
          value={view.category === null ? 'all' : `=${view.category}`}
          data={[
            { value: 'all', label: 'All categories' },
            ...data.categories.map(({ name, battles }) => ({
              value: `=${name}`,
              label: withCount(name || 'without a category', battles),
            })),
          ]}
          onChange={(value) => void set({ category: value?.startsWith('=') ? value.slice(1) : null, anchor: null })}
        />
      ) : null}
      {data.raters.length > 1 || view.rater !== null ? (
        <Select
          aria-label="Rater"
          className={styles.picker}
          searchable={data.raters.length > 12}
          value={view.rater === null ? 'all' : `=${view.rater}`}
          data={[
            { value: 'all', label: 'All raters' },
            ...data.raters.map(({ name, kind, battles }) => ({
              value: `=${name}`,
              label: withCount(kind === 'model' ? `${name}, model` : name, battles),
            })),
          ]}
          onChange={(value) => void set({ rater: value?.startsWith('=') ? value.slice(1) : null, anchor: null })}
        />
      ) : null}
      <span className={styles.end}>{menu}</span>
    </div>
  )
}

const NoBattle = ({ workspace, project }: Place) => (
  <>
    <PageHead title="Preferences" />
    <Empty
      title="No battle yet"
      text={
        <>
          A battle is two answers to one prompt and which of them a person or a judge model preferred. Models are rated
          by their battles; scores of benchmarks stand under{' '}
          <Link className="link" href={paths.evaluations(workspace, project)}>
            Evaluations
          </Link>
          .
        </>
      }
    >
      <CodeBlock
        label="From Python:"
        wrap
        text={`run.log_preferences(
    [{"a": checkpoint, "b": "other-7b@1", "winner": "a", "prompt": "p-17"}],
    rater="ann", rater_kind="person")`}
      />
      <CodeBlock
        label="Or over HTTP:"
        wrap
        text={`curl -X POST "$DESCENT_URL/api/v1/projects/${project}/battles" \\
  -H "Authorization: Bearer $DESCENT_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"battles": [{"id": "b-1", "a": "CHECKPOINT", "b": "other-7b@1",
    "winner": "a", "prompt": "p-17", "rater": "ann", "rater_kind": "person"}]}'`}
      />
    </Empty>
  </>
)

const Loading = () => (
  <>
    <PageHead title="Preferences" sentence={<Skeleton height={20} width={320} />} />
    <Skeleton height={220} />
  </>
)
