'use client'
import { SegmentedControl, Skeleton, Switch } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useCallback, useMemo, useState } from 'react'
import { formatDuration, formatHours } from '#src/core/format/duration.ts'
import { edgeName, edgeNamed } from '#src/core/lineage/edge-name.ts'
import { endedBranches } from '#src/core/lineage/ended-branches.ts'
import type { Edge } from '#src/protocol/experiments.ts'
import type { Lineage, StageCard } from '#src/protocol/lineage.ts'
import { EdgeGone, EdgePanel } from '#src/ui/edges/edge-panel.tsx'
import { leftOutWords, stageCount } from '#src/ui/graph/left-out-words.ts'
import { LineageList } from '#src/ui/graph/lineage-list.tsx'
import { firstTip, innerEdges, pathTo } from '#src/ui/graph/lineage-path.ts'
import { LineageTable } from '#src/ui/graph/lineage-table.tsx'
import { PathStrip } from '#src/ui/graph/path-strip.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { paths } from '#src/ui/paths.ts'
import { useFreshness } from '#src/ui/shell/page-state.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { FirstPoint } from '../first-point.tsx'
import { UntilFirstPoint } from '../until-first-point.tsx'
import styles from './lineage-view.module.css'

const VIEWS = ['graph', 'table'] as const
/** What a link to this page carries. */
const WORDS = ['view', 'path', 'edge', 'fold'] as const
const GRAPH_HEIGHT = 408
/** A description of so many letters stands beside the numbers, a longer one below them. */
const SHORT_CHARS = 80

const LineageGraph = later(
  () => import('#src/ui/graph/lineage-graph.tsx').then((file) => file.LineageGraph),
  <Skeleton height={GRAPH_HEIGHT} />,
)

interface Props {
  workspace: string
  project: string
  mayWrite: boolean
}

/** The home of a project: how the model came to be, as a drawing or a table, and what happened along one path. */
export function LineageView({ workspace, project, mayWrite }: Props) {
  const trpc = useTRPC()
  const lineage = useQuery(
    trpc.lineage.get.queryOptions(
      { workspace, project },
      // The page without a stage waits for the first one; news is about runs, stages are planned without any.
      { refetchInterval: (query) => (query.state.data?.cards.length === 0 ? POLL_LIVE_MS : POLL_IDLE_MS) },
    ),
  )
  const news = { workspace, project, runs: 'all', what: ['state', 'progress'], enabled: true } as const
  useRefreshOnNews({ ...news, everyMs: POLL_LIVE_MS }, () => lineage.refetch({ cancelRefetch: false }))
  useFreshness(freshnessOf(lineage.data), 'last point', lineage.data?.last_write_at ?? null)
  return (
    <Page>
      <Answer query={lineage} what="The lineage" heading="Lineage" loading={<Loading />}>
        {(data) => (
          <UntilFirstPoint
            isEmpty={data.cards.length === 0}
            waiting={
              <>
                <PageHead title="Lineage" sentence="No stage yet" />
                <FirstPoint workspace={workspace} project={project} />
              </>
            }
          >
            <Shown workspace={workspace} project={project} mayWrite={mayWrite} lineage={data} />
          </UntilFirstPoint>
        )}
      </Answer>
    </Page>
  )
}

function Shown({ workspace, project, mayWrite, lineage: whole }: Props & { lineage: Lineage }) {
  const [isFolded, setFolded] = useQueryState('fold', parseAsBoolean.withDefault(false))
  const ended = useMemo(() => endedBranches(whole.cards, innerEdges(whole)), [whole])
  const lineage = useMemo(() => (isFolded ? without(whole, ended) : whole), [isFolded, whole, ended])
  const [view, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('graph'))
  const [chosen, setChosen] = useQueryState('path', parseAsInteger)
  const [named, setNamed] = useQueryState('edge', parseAsString.withOptions({ history: 'push' }))
  const wide = useMediaQuery('(min-width: 48em)')
  const trpc = useTRPC()
  const table = useQuery(trpc.evaluations.table.queryOptions({ workspace, project }, { refetchInterval: POLL_IDLE_MS }))
  useRefreshOnNews({ workspace, project, runs: 'all', what: ['state'], enabled: true, everyMs: 2 * POLL_LIVE_MS }, () =>
    table.refetch({ cancelRefetch: false }),
  )
  const edges = useMemo(() => innerEdges(lineage), [lineage])
  const open = edgeNamed(whole.edges, named, whole.project.slug)
  // While it is saved the lineage knows it under its new name, and the address not yet.
  const [edited, setEdited] = useState<Edge | null>(null)
  const shown = open ?? (named === null ? null : edited)
  const setOpen = useCallback(
    (edge: Edge | null) => void setNamed(edge && edgeName(edge, lineage.project.slug)),
    [setNamed, lineage.project.slug],
  )
  // The path that the open edge lies on is what its link is about.
  const wanted = [chosen, open?.child.number, open?.parent.number].find((n) =>
    lineage.cards.some((c) => c.number === n),
  )
  const tip = wanted ?? firstTip(lineage.cards, edges)
  const path = useMemo(
    () => withPlannedEnd(tip === null ? [] : pathTo(tip, edges), lineage, edges, chosen),
    [tip, edges, lineage, chosen],
  )
  const hrefOf = useCallback((card: StageCard) => paths.stage(workspace, project, card.number), [workspace, project])
  const edgeHref = useCallback(
    (edge: Edge) => `${paths.edge(workspace, project, edgeName(edge, lineage.project.slug))}&view=table`,
    [workspace, project, lineage.project.slug],
  )
  const select = useCallback((number: number) => void setChosen(number), [setChosen])
  const about = lineage.project.description
  const onPath = path.flatMap((n) => lineage.cards.find((c) => c.number === n && hasBegun(c)) ?? [])

  return (
    <>
      <PageHead title="Lineage" sentence={<Sentence lineage={whole} about={about.length > SHORT_CHARS ? '' : about} />}>
        {ended.size > 0 ? (
          <Switch
            label={`Fold ${ended.size} failed or stopped`}
            title="Stages whose runs all failed or were stopped, and from which nothing goes on. They stay in the cost of the project."
            checked={isFolded}
            onChange={(event) => void setFolded(event.currentTarget.checked)}
          />
        ) : null}
        {wide === false ? null : (
          <SegmentedControl
            aria-label="Lineage as"
            value={view}
            onChange={(value) => void setView(value === 'table' ? 'table' : 'graph')}
            data={[
              { value: 'graph', label: 'Graph' },
              { value: 'table', label: 'Table' },
            ]}
          />
        )}
      </PageHead>
      <UnknownParts known={WORDS} />
      {about.length > SHORT_CHARS ? <p className={`${styles.description} ink-2`}>{about}</p> : null}
      <LeftOut lineage={whole} />
      {wide === undefined ? <Skeleton height={GRAPH_HEIGHT} /> : null}
      {wide === false ? <LineageList lineage={lineage} path={path} hrefOf={hrefOf} /> : null}
      {shown ? (
        <EdgePanel
          key={shown.id}
          workspace={workspace}
          project={project}
          edge={shown}
          mayWrite={mayWrite}
          onEdge={setOpen}
          onEditing={(isEditing) => setEdited(isEditing ? shown : null)}
        />
      ) : named !== null ? (
        <EdgeGone onClose={() => setOpen(null)} />
      ) : null}
      {wide && view === 'table' ? (
        <LineageTable lineage={lineage} path={path} hrefOf={hrefOf} edgeHref={edgeHref} />
      ) : null}
      {wide && view === 'graph' ? (
        <LineageGraph lineage={lineage} path={path} hrefOf={hrefOf} onSelect={select} edge={open} onEdge={setOpen} />
      ) : null}
      {onPath.length > 0 && tip !== null ? (
        <PathStrip
          cards={onPath}
          table={table.data}
          lanes={wide === false ? 2 : 4}
          picker={
            <>
              <PathPicker lineage={lineage} tip={tip} onSelect={select} />
              <Link className="link" href={paths.decision(workspace, project, tip)}>
                Was it worth it?
              </Link>
            </>
          }
        />
      ) : null}
    </>
  )
}

function PathPicker({ lineage, tip, onSelect }: { lineage: Lineage; tip: number; onSelect: (number: number) => void }) {
  return (
    <Select
      aria-label="Path to"
      className={styles.picker}
      value={String(tip)}
      searchable={lineage.cards.length > 12}
      data={lineage.cards.map((card) => ({ value: String(card.number), label: card.name }))}
      onChange={(value) => {
        if (value !== null) onSelect(Number(value))
      }}
    />
  )
}

/** Above graph, table and list alike. */
function LeftOut({ lineage }: { lineage: Lineage }) {
  const words = leftOutWords(lineage.totals)
  return words === null ? null : (
    <div className={styles.leftOut}>
      <Notice tone="warning" title={words.title}>
        <p>{words.text}</p>
      </Notice>
    </div>
  )
}

function Sentence({ lineage, about }: { lineage: Lineage; about: string }) {
  const { totals } = lineage
  const counts = [
    stageCount(totals),
    totals.running > 0 ? `${totals.running} running` : null,
    totals.planned > 0 ? `${totals.planned} planned` : null,
  ].filter((part) => part !== null)
  return (
    <>
      {counts.join(', ')}
      {totals.over_budget > 0 ? (
        <>
          {' · '}
          <span className={styles.over}>{totals.over_budget} over budget</span>
        </>
      ) : null}
      {totals.wall_s > 0 ? ` · ${formatDuration(totals.wall_s)}` : null}
      {totals.device_hours > 0 ? `, ${formatHours(totals.device_hours)} device-hours` : null}
      {lineage.project.recorded ? ' · recorded' : null}
      {about === '' ? null : <span className="ink-3"> · {about}</span>}
    </>
  )
}

/** The lineage without some stages and their edges. */
const without = (lineage: Lineage, left: ReadonlySet<number>): Lineage => {
  const isLeft = ({ project, number }: { project: string; number: number }) =>
    project === lineage.project.slug && left.has(number)
  return {
    ...lineage,
    cards: lineage.cards.filter((card) => !left.has(card.number)),
    edges: lineage.edges.filter(({ child, parent }) => !isLeft(child) && !isLeft(parent)),
  }
}

/** A path that nobody chose goes on to the planned stages that continue it, while there is only one. */
function withPlannedEnd(
  path: readonly number[],
  lineage: Lineage,
  edges: ReturnType<typeof innerEdges>,
  chosen: number | null,
): readonly number[] {
  if (chosen !== null || path.length === 0) return path
  const on = [...path]
  for (;;) {
    const last = on.at(-1)
    const children = new Set(edges.filter((e) => e.parent.number === last).map((e) => e.child.number))
    const [only] = children
    if (children.size !== 1 || only === undefined || on.includes(only)) return on
    if (lineage.cards.some((c) => c.number === only && hasBegun(c))) return on
    on.push(only)
  }
}

const hasBegun = (card: StageCard): boolean => card.state !== 'planned' && card.state !== 'waiting'

function freshnessOf(lineage: Lineage | undefined): 'live' | 'idle' | 'recorded' | null {
  if (!lineage || lineage.cards.length === 0) return null
  if (lineage.project.recorded) return 'recorded'
  return lineage.totals.running > 0 ? 'live' : 'idle'
}

const Loading = () => (
  <>
    <PageHead title="Lineage" sentence={<Skeleton height={20} width={320} />} />
    <Skeleton height={GRAPH_HEIGHT} />
    <Skeleton height={300} mt={20} />
  </>
)
