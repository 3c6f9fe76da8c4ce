'use client'
import { SegmentedControl, Select, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useMemo, useRef, useState } from 'react'
import type { Bought } from '#src/protocol/bought.ts'
import type { LineageCost, ProjectCost, StageCost } from '#src/protocol/cost.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { COST_UNITS, deviceKindOf, UNIT_WORDS, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import {
  type Bar,
  PART_WORDS,
  type PartKind,
  prepareWaterfall,
  type Waterfall,
} from '#src/ui/cost/prepare-waterfall.ts'
import { sumTotals, usualCurrency } from '#src/ui/cost/totals.ts'
import { WaterfallDrawing } from '#src/ui/cost/waterfall.tsx'
import { Answer } from '#src/ui/kit/answer.tsx'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Page, PageHead } from '#src/ui/kit/page-head.tsx'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { BoughtPicture } from './bought-picture.tsx'
import styles from './cost.module.css'
import { ADDRESS, TABS, VIEWS } from './cost-address.ts'
import { BasesTab, HardwareTab, PiecesOfBar, PlanTab, StagesTab, TimeTab } from './cost-tabs.tsx'
import { sentenceOf } from './cost-words.ts'
import { stageTable } from './stage-table.ts'

const PICTURE = 372

interface Place {
  workspace: string
  project: string
}

/** Where money and time went along a lineage and beside it, and what they bought. */
export function CostView(place: Place) {
  const [view] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const options = { refetchInterval: POLL_IDLE_MS, placeholderData: <T,>(before: T | undefined) => before }
  const ask = { ...place, ...(view.currency === null ? {} : { currency: view.currency }) }
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
    Promise.all([project, lineage, bought].map((query) => query.refetch({ cancelRefetch: false }))),
  )
  return (
    <Page>
      <Answer query={project} what="The cost of the project" loading={<Loading />}>
        {(whole) =>
          whole.leaves.length === 0 ? (
            <NothingSpent {...place} />
          ) : whole.pieces_total === 0 && whole.totals.all.amounts.length === 0 ? (
            <NoHardware {...place} data={whole} />
          ) : (
            <Answer query={lineage} what="The cost of the lineage" loading={<Loading />}>
              {(data) => <Shown {...place} whole={whole} data={data} bought={bought.data} />}
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
}

function Shown({ workspace, project, whole, data, bought }: ShownProps) {
  const [view, set] = useQueryStates(ADDRESS)
  const [lit, setLit] = useState<string | null>(null)
  const { ref, width } = useElementSize()
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
        <Select
          aria-label="Path to"
          className={styles.picker}
          value={String(data.leaf.number)}
          searchable={whole.leaves.length > 12}
          data={leafChoices(whole, data).map(({ number, name }) => ({
            value: String(number),
            label: `Path to ${name}`,
          }))}
          onChange={(value) => void set({ path: value === null ? null : Number(value), pick: null })}
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
          <PictureMenu name={`${project}-cost`} table={table} drawing={drawing} />
        </span>
      </div>
      <div className={styles.pictures}>
        <section className={styles.where} aria-labelledby="where">
          <div className={styles.head}>
            <h2 id="where">
              Where the {unit === 'money' ? 'money' : unit === 'time' ? 'time' : unit === 'flops' ? 'FLOPs' : 'energy'}{' '}
              went
            </h2>
            <span>{whereWords(choice)}</span>
            <Legend waterfall={waterfall} />
          </div>
          <div ref={ref}>
            <div ref={drawing}>
              {width === 0 ? (
                <Skeleton height={PICTURE} />
              ) : waterfall.bars.every((bar) => bar.value === null || bar.value === 0) ? (
                <NotAvailable waterfall={waterfall} unit={unit} onTime={() => void set({ unit: 'time' })} />
              ) : (
                <ScrollBox label="Where it went, as bars">
                  <WaterfallDrawing
                    waterfall={waterfall}
                    choice={choice}
                    width={width}
                    height={PICTURE}
                    pathWords={`Path to ${data.leaf.name}`}
                    picked={picked?.key ?? null}
                    lit={litBar}
                    onPick={pick}
                    onLight={light}
                  />
                </ScrollBox>
              )}
            </div>
          </div>
        </section>
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
      <div className={styles.tabs}>
        <SegmentedControl
          aria-label="Table"
          value={view.tab}
          onChange={(value) => void set({ tab: TABS.find((one) => one === value) ?? 'stages' })}
          data={[
            { value: 'stages', label: 'Stages' },
            { value: 'hardware', label: 'Hardware' },
            { value: 'time', label: 'Over time' },
            { value: 'plan', label: 'Planned' },
            { value: 'bases', label: 'Bases' },
          ]}
        />
      </div>
      {view.tab === 'stages' ? (
        <StagesTab
          waterfall={waterfall}
          table={table}
          bought={bought}
          lit={litBar}
          onLight={light}
          workspace={workspace}
        />
      ) : null}
      {view.tab === 'hardware' ? <HardwareTab project={project} whole={whole} choice={choice} /> : null}
      {view.tab === 'time' ? <TimeTab project={project} whole={whole} choice={choice} /> : null}
      {view.tab === 'plan' ? <PlanTab workspace={workspace} project={project} currency={view.currency} /> : null}
      {view.tab === 'bases' ? (
        <BasesTab workspace={workspace} project={project} whole={whole} currency={view.currency} />
      ) : null}
      <p className={styles.foot}>
        {table.notes.join(' ')}{' '}
        <Link className="link" href={paths.prices(workspace)}>
          Price book
        </Link>
      </p>
    </>
  )
}

/** Leaves, and the stage that the address names where it is none. */
const leafChoices = (whole: ProjectCost, data: LineageCost) =>
  whole.leaves.some((leaf) => leaf.number === data.leaf.number) ? whole.leaves : [...whole.leaves, data.leaf]

/** In the shared views branches and other work stand in no leaf: only the path is drawn. */
function waterfallOf(data: LineageCost, choice: UnitChoice): Waterfall {
  const shareOf = (stage: StageCost) => {
    if (data.view === 'full' || stage.used_by.length <= 1) return 1
    return data.view === 'marginal' ? 0 : 1 / stage.used_by.length
  }
  const isFull = data.view === 'full'
  const begun = (stage: StageCost) => stage.segments.length > 0 || stage.beside.length > 0 || stage.role === 'base'
  const byTime = (a: StageCost, b: StageCost) => (a.started_at ?? '').localeCompare(b.started_at ?? '')
  const stages = data.stages.filter(begun)
  return prepareWaterfall(
    {
      stages: isFull ? stages : stages.map((stage) => ({ ...stage, beside: [] })),
      branches: isFull ? data.abandoned.filter(begun).sort(byTime) : [],
      shareOf,
      modelName: isFull ? 'the model' : data.leaf.name,
      hasProject: isFull,
    },
    choice,
  )
}

function whereWords({ unit, device, currency }: UnitChoice): string {
  switch (unit) {
    case 'time':
      return `time on ${device === 'gpu' ? 'GPUs' : 'CPUs'}, allocated`
    case 'money':
      return currency ?? ''
    case 'flops':
      return 'of training, an estimate'
    case 'energy':
      return 'of the devices, as measured'
  }
}

function Legend({ waterfall }: { waterfall: Waterfall }) {
  const hasBranches = waterfall.bars.some((bar) => bar.group === 'branch')
  const hasWaste = waterfall.bars.some((bar) => bar.group === 'waste')
  const isHatched = (kind: PartKind) => kind === 'idle' || kind === 'rolled_back' || kind === 'duplicate'
  const kinds = waterfall.kinds.filter((kind): kind is PartKind => kind in PART_WORDS)
  const solid = kinds.filter((kind) => !isHatched(kind))
  const words = [...kinds.filter(isHatched).map((kind) => PART_WORDS[kind]), ...(hasWaste ? ['other work'] : [])]
  return (
    <span className={styles.legend}>
      {solid.map((kind) => (
        <span key={kind}>
          <i data-part={kind} /> {PART_WORDS[kind]}
        </span>
      ))}
      {words.length > 0 ? (
        <span>
          <i data-part="hatched" /> {words.join(', ')}
        </span>
      ) : null}
      {hasBranches ? (
        <span>
          <i data-part="branch" /> not continued
        </span>
      ) : null}
    </span>
  )
}

function NotAvailable(props: { waterfall: Waterfall; unit: UnitChoice['unit']; onTime: () => void }) {
  const why = props.waterfall.bars.find((bar) => bar.lacks !== null && bar.stage !== null)?.lacks
  const what =
    props.unit === 'energy'
      ? 'Energy is not available on this machine'
      : props.unit === 'money'
        ? 'Price missing'
        : 'Not known'
  return (
    <Empty title={what} text={why ? `${why}. Hours are known.` : 'Hours are known.'}>
      <button type="button" className="link" onClick={props.onTime}>
        Show device time
      </button>
    </Empty>
  )
}

const NothingSpent = ({ workspace, project }: Place) => (
  <>
    <PageHead title="Cost" sentence="Nothing was spent yet" />
    <Empty
      title="No run has held hardware yet"
      text="Allocated device-hours of runs become money by the price book of the workspace."
    >
      <Link className="link" href={paths.lineage(workspace, project)}>
        Begin with a stage
      </Link>
    </Empty>
  </>
)

const NoHardware = ({ data }: Place & { data: ProjectCost }) => (
  <>
    <PageHead title="Cost" sentence={`No hardware was reported by the runs of ${data.stages.length} stages`} />
    <Empty
      title="No hardware reported"
      text={`Runs that an agent starts tell their devices themselves. Others say it once: ${sumTotals([data.totals.all]).runs_lacking} runs have not.`}
    >
      <CodeBlock
        label="Afterwards, for a run that told none:"
        text={`curl -X POST "$DESCENT_URL/api/v1/runs/RUN/allocations" -H "Authorization: Bearer $DESCENT_KEY" -H 'Content-Type: application/json' \\
  -d '{"allocations": [{"device_kind": "gpu", "device_name": "NVIDIA H100 80GB HBM3", "count": 8, "started_at": "2026-11-09T08:00:00Z", "ended_at": "2026-11-09T20:00:00Z"}]}'`}
      />
    </Empty>
  </>
)

const Loading = () => (
  <>
    <PageHead title="Cost" sentence={<Skeleton height={20} width={420} />} />
    <Skeleton height={PICTURE + 40} />
    <Skeleton height={320} mt={20} />
  </>
)
