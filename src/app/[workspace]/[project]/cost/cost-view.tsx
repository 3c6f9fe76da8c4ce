'use client'
import { SegmentedControl, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useMemo, useRef, useState } from 'react'
import type { Bought } from '#src/protocol/bought.ts'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { COST_UNITS, deviceKindOf, UNIT_WORDS, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Bar } from '#src/ui/cost/prepare-waterfall.ts'
import { usualCurrency } from '#src/ui/cost/totals.ts'
import { PathSelect } from '#src/ui/graph/path-select.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { paths } from '#src/ui/paths.ts'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { UnknownParts } from '#src/ui/view-state/unknown-parts.tsx'
import { CarbonAsks } from './carbon-panel.tsx'
import styles from './cost.module.css'
import { ADDRESS, askOf, type CostAddress, VIEWS } from './cost-address.ts'
import { NoHardware, NothingSpent } from './cost-empty.tsx'
import { CostTabs, preloadTables } from './cost-tab-choice.tsx'
import { sentenceOf } from './cost-words.ts'
import { stageTable } from './stage-table.ts'
import { PICTURE_HEIGHT, WherePicture, waterfallOf } from './where-picture.tsx'

/** Of its address. */
const WORDS = Object.keys(ADDRESS)

const BoughtPicture = later(
  () => import('./bought-picture.tsx').then((file) => file.BoughtPicture),
  <Skeleton height={PICTURE_HEIGHT} />,
)
const PiecesOfBar = later(() => import('./cost-tabs.tsx').then((file) => file.PiecesOfBar))

interface Place {
  workspace: string
  project: string
}

/** Where money and time went along a lineage and beside it, and what they bought. */
export function CostView({ mayWrite, ...place }: Place & { mayWrite: boolean }) {
  BoughtPicture.preload()
  preloadTables()
  const [view] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const options = { refetchInterval: POLL_IDLE_MS, placeholderData: <T,>(before: T | undefined) => before }
  const ask = { ...place, ...askOf(view) }
  const project = useQuery(trpc.cost.project.queryOptions(ask, options))
  const bought = useQuery(trpc.lineage.bought.queryOptions(place, options))
  const leaves = project.data?.leaves ?? []
  const leaf = leaves.find((one) => one.number === view.path)?.number ?? view.path ?? leaves[0]?.number
  const compare = view.view === 'full' ? [] : leaves.flatMap((one) => (one.number === leaf ? [] : [String(one.number)]))
  const lineage = useQuery(
    trpc.cost.lineage.queryOptions(
      { ...ask, ...(leaf === undefined ? {} : { leaf }), view: view.view, compare },
      { ...options, enabled: project.data !== undefined && leaf !== undefined },
    ),
  )
  useRefreshOnNews({ ...place, runs: 'all', what: ['state'], enabled: true, everyMs: POLL_LIVE_MS }, () =>
    // Without a leaf there is no lineage to ask for.
    Promise.all(
      [project, bought, ...(leaf === undefined ? [] : [lineage])].map((query) =>
        query.refetch({ cancelRefetch: false }),
      ),
    ),
  )
  return (
    <Page>
      <UnknownParts known={WORDS} />
      <Answer query={project} what="The cost of the project" heading="Cost" loading={<Loading />}>
        {(whole) =>
          whole.leaves.length === 0 ? (
            <NothingSpent {...place} whole={whole} />
          ) : isUntold(whole) ? (
            <NoHardware {...place} data={whole} />
          ) : (
            <Answer query={lineage} what="The cost of the lineage" heading="Cost" loading={<Loading />}>
              {(data) => <Shown {...place} whole={whole} data={data} bought={bought.data} mayWrite={mayWrite} />}
            </Answer>
          )
        }
      </Answer>
    </Page>
  )
}

interface ShownProps extends Place {
  whole: ProjectCost
  data: LineageCost
  bought: Bought | undefined
  mayWrite: boolean
}

function Shown({ workspace, project, whole, data, bought, mayWrite }: ShownProps) {
  const [view, set] = useQueryStates(ADDRESS)
  const [lit, setLit] = useState<string | null>(null)
  const drawing = useRef<HTMLDivElement>(null)
  const currency = view.currency ?? usualCurrency([whole.totals.all])
  const device = deviceKindOf(whole.hours)
  const { unit } = view
  const choice = useMemo<UnitChoice>(() => ({ unit, currency, device }), [unit, currency, device])
  const waterfall = useMemo(() => waterfallOf(data, choice), [data, choice])
  const table = stageTable(data, waterfall, choice, bought)
  const picked = waterfall.bars.find((bar) => bar.key === view.pick) ?? null
  const pick = (bar: Bar) => void set({ pick: bar.key === view.pick ? null : bar.key })
  const light = (key: string | null) => setLit(key)
  const keyOfStage = (experiment: number) =>
    waterfall.bars.find(
      (bar) => bar.stage?.experiment.number === experiment && bar.stage.experiment.project === project,
    )?.key
  const litBar = lit?.startsWith('stage ') ? (keyOfStage(Number(lit.slice(6))) ?? null) : lit
  const litStage = waterfall.bars.find((bar) => bar.key === litBar)?.stage?.experiment.number
  const currencies = [...new Set([...whole.totals.all.amounts.map((a) => a.currency), ...(currency ? [currency] : [])])]
  return (
    <>
      <PageHead
        title="Cost"
        sentence={sentenceOf(data, waterfall, choice).map(({ text, isStrong }) =>
          isStrong ? <strong key={text}>{text}</strong> : <span key={text}>{text}</span>,
        )}
      />
      <div className={styles.controls}>
        <PathSelect
          value={data.leaf.number}
          ends={leafChoices(whole, data)}
          onChange={(path) => void set({ path, pick: null })}
        />
        <SegmentedControl
          aria-label="View"
          value={view.view}
          onChange={(value) => void set({ view: VIEWS.find((one) => one === value) ?? 'full', pick: null })}
          data={[
            { value: 'full', label: 'Full' },
            { value: 'marginal', label: 'Marginal' },
            { value: 'allocated', label: 'Allocated' },
          ]}
        />
        <SegmentedControl
          aria-label="Unit"
          value={unit}
          onChange={(value) => void set({ unit: COST_UNITS.find((one) => one === value) ?? 'time' })}
          data={COST_UNITS.map((one) => ({ value: one, label: UNIT_WORDS[one] }))}
        />
        {unit === 'carbon' ? <CarbonAsks /> : null}
        {currencies.length > 1 ? (
          <Select
            aria-label="Currency"
            w={92}
            value={currency}
            data={currencies}
            onChange={(value) => void set({ currency: value })}
          />
        ) : null}
        <span className={styles.end}>
          <PictureMenu
            name={`${project}-cost`}
            table={table}
            drawing={drawing}
            request={{
              path: `/projects/${project}/experiments/${data.leaf.number}/cost/lineage`,
              query: requestOf(view, data),
            }}
          />
        </span>
      </div>
      <Reckoned />
      <div className={styles.pictures}>
        <WherePicture
          data={data}
          waterfall={waterfall}
          choice={choice}
          picked={picked?.key ?? null}
          lit={litBar}
          onPick={pick}
          onLight={light}
          drawing={drawing}
        />
        <BoughtPicture
          workspace={workspace}
          project={project}
          whole={whole}
          data={data}
          bought={bought}
          choice={choice}
          lit={litStage === undefined ? null : `stage ${litStage}`}
          onLight={light}
        />
      </div>
      {picked ? (
        <PiecesOfBar
          workspace={workspace}
          project={project}
          bar={picked}
          pieces={data.pieces}
          bars={waterfall.bars}
          onClose={() => void set({ pick: null })}
        />
      ) : null}
      <CostTabs
        workspace={workspace}
        project={project}
        whole={whole}
        data={data}
        bought={bought}
        choice={choice}
        waterfall={waterfall}
        table={table}
        lit={litBar}
        onLight={light}
        mayWrite={mayWrite}
      />
      <p className={styles.foot}>
        {table.notes.join(' ')}{' '}
        <Link className="link" href={paths.prices(workspace)}>
          Price book
        </Link>
      </p>
    </>
  )
}

/** By what the page is reckoned where that is not the book of today, and the way back. */
function Reckoned() {
  const [{ book, asof, people }, set] = useQueryStates(ADDRESS)
  if (book === null && asof === null && !people) return null
  return (
    <p className={styles.reckon} role="status">
      <span>
        Reckoned with the book <b>{book ?? 'default'}</b>
        {asof === null ? '' : ` as it stood on ${asof}`}
        {people ? ', the time of people counted' : ''}.
      </span>
      <button type="button" className="link" onClick={() => void set({ book: null, asof: null, people: null })}>
        Back to the prices of today
      </button>
    </p>
  )
}

/** What a program asks for the same numbers. */
const requestOf = (view: CostAddress, data: LineageCost): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      view: data.view,
      compare: data.compared
        .slice(1)
        .map(({ number }) => number)
        .join(','),
      ...askOf(view),
    }).flatMap(([key, value]) => (value === '' ? [] : [[key, String(value)]])),
  )

/** Neither held hardware nor an amount, and nothing that a card tells of what it took or did not publish. */
const isUntold = ({ pieces_total, totals, stages }: ProjectCost): boolean =>
  pieces_total === 0 &&
  totals.all.amounts.length === 0 &&
  !stages.some(({ embodied, total }) => embodied !== null || total.lacks.some(({ why }) => why === 'not_published'))

/** Leaves, and the stage that the address names where it is none. */
const leafChoices = (whole: ProjectCost, data: LineageCost) =>
  whole.leaves.some((leaf) => leaf.number === data.leaf.number) ? whole.leaves : [...whole.leaves, data.leaf]

const Loading = () => (
  <>
    <PageHead title="Cost" sentence={<Skeleton height={20} width={420} maw="100%" />} />
    <Skeleton height={PICTURE_HEIGHT + 40} />
    <Skeleton height={320} mt={20} />
  </>
)
