'use client'
import { ActionIcon, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useRef } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { formatMoney } from '#src/core/format/money.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { Bought } from '#src/protocol/bought.ts'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { CostPiece } from '#src/protocol/cost-parts.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { timeWords, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import { prepareSpending } from '#src/ui/cost/prepare-spending.ts'
import type { Bar, Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { SpendingDrawing } from '#src/ui/cost/spending.tsx'
import { totalWords } from '#src/ui/cost/totals.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { type Column, DataTable } from '#src/ui/table/data-table.tsx'
import { PublishedTableView } from '#src/ui/table/published-table.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './cost.module.css'
import { ADDRESS, askOf } from './cost-address.ts'
import { hardwareTable, piecesOfBar, piecesTable, planTable } from './cost-tables.ts'
import { IntervalPart } from './interval-part.tsx'
import { ServingPart } from './serving-part.tsx'
import { inkOfGain, rowsOf } from './stage-table.ts'

/** The bars as rows; the name of a stage leads to it. */
export function StagesTab(props: {
  workspace: string
  waterfall: Waterfall
  table: TableText
  bought: Bought | undefined
  lit: string | null
  onLight: (key: string | null) => void
}) {
  const rows = rowsOf(props.waterfall)
  return (
    <PublishedTableView
      label={props.table.title}
      table={props.table.table}
      lead={(i) => {
        const stage = rows[i]?.bar.stage
        return stage ? <StageIcon kind={stage.experiment.stage_kind} label /> : null
      }}
      hrefOf={(i) => {
        const stage = rows[i]?.bar.stage
        return stage ? paths.stage(props.workspace, stage.experiment.project, stage.experiment.number) : null
      }}
      strong={(i) => rows[i]?.isSum ?? false}
      inkOf={(i, column) => {
        const bar = rows[i]?.bar
        return bar && props.table.table.columns[column]?.name === 'Gain' ? inkOfGain(bar, props.bought) : null
      }}
      lit={(i) => rows[i]?.bar.key === props.lit}
      onLight={(i) => props.onLight(i === null ? null : (rows[i]?.bar.key ?? null))}
    />
  )
}

/** A table with its menu of copies above it. */
function Copied({ name, table, children }: { name: string; table: TableText; children?: React.ReactNode }) {
  return (
    <Section title={table.title} note={table.notes[0]} actions={<PictureMenu name={name} table={table} />}>
      {children}
      <PublishedTableView label={table.title} table={table.table} />
    </Section>
  )
}

export function HardwareTab({ project, whole, choice }: { project: string; whole: ProjectCost; choice: UnitChoice }) {
  return (
    <>
      <Copied name={`${project}-hardware`} table={hardwareTable(whole, choice)} />
      <IntervalPart interruptions={whole.interruptions} />
    </>
  )
}

/** When hardware was held and how the total rose, with its stretches as a table. */
export function TimeTab({ project, whole, choice }: { project: string; whole: ProjectCost; choice: UnitChoice }) {
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  // FLOPs and energy are told of stages, not of stretches.
  const shown: UnitChoice = choice.unit === 'money' && choice.currency !== null ? choice : { ...choice, unit: 'time' }
  const spending = prepareSpending(whole.pieces, shown)
  const table = piecesTable('Spending over time', whole.pieces, whole)
  if (!spending)
    return (
      <Empty
        title="No stretch of held hardware"
        text="Amounts were entered by hand: they have a day, but no stretch of time."
      />
    )
  const stages = new Map(whole.stages.map((stage) => [stage.experiment.number, stage.experiment]))
  return (
    <Section
      title="Over time"
      note={`${shown.unit === 'money' ? 'money' : 'device time'}, running total of all runs; ${whole.pieces.length} of ${whole.pieces_total} stretches${spending.unpriced > 0 && shown.unit === 'money' ? `, ${spending.unpriced} without a price` : ''}`}
      actions={<PictureMenu name={`${project}-over-time`} table={table} drawing={drawing} />}
    >
      <div ref={ref}>
        <div ref={drawing}>
          {width === 0 ? (
            <Skeleton height={300} />
          ) : (
            <SpendingDrawing
              spending={spending}
              choice={shown}
              width={width}
              stageOf={(number) => {
                const stage = stages.get(number)
                return stage ? { name: stage.name, kind: stage.stage_kind } : null
              }}
            />
          )}
        </div>
      </div>
      <PublishedTableView label={table.title} table={table.table} />
    </Section>
  )
}

/** Runs and price lines of one bar. */
export function PiecesOfBar(props: {
  workspace: string
  project: string
  bar: Bar
  bars: readonly Bar[]
  pieces: readonly CostPiece[]
  onClose: () => void
}) {
  const { bar } = props
  const pieces = piecesOfBar(bar, props.bars, props.pieces)
  const table = piecesTable(`Runs and prices of ${bar.name}`, pieces)
  const isWhole = Math.abs(pieces.reduce((sum, piece) => sum + piece.device_hours, 0) - bar.hours) < 1e-6
  return (
    <Section
      title={table.title}
      note={`${timeWords(bar.hours)} in ${pieces.length} ${pieces.length === 1 ? 'stretch' : 'stretches'}${isWhole ? '' : '; the view takes a share of them, or some are of another device'}`}
      actions={
        <span className={styles.actions}>
          <PictureMenu name={`${props.project}-${bar.name}`} table={table} />
          <ActionIcon variant="default" size={30} aria-label="Close" onClick={props.onClose}>
            <X size={16} strokeWidth={1.75} aria-hidden />
          </ActionIcon>
        </span>
      }
    >
      {pieces.length === 0 ? (
        <p className="ink-3">
          No held hardware: {bar.stage?.role === 'base' ? 'it comes from outside' : 'its amounts were entered by hand'}.
        </p>
      ) : (
        <PublishedTableView
          label={table.title}
          table={table.table}
          hrefOf={(i) => {
            const piece = pieces[i]
            return piece ? paths.run(props.workspace, piece.project, piece.run) : null
          }}
        />
      )}
    </Section>
  )
}

export function PlanTab({ workspace, project }: { workspace: string; project: string }) {
  const trpc = useTRPC()
  const [view] = useQueryStates(ADDRESS)
  const plan = useQuery(trpc.cost.plan.queryOptions({ workspace, project, ...askOf(view) }))
  return (
    <Answer query={plan} what="The plan" loading={<LoadingRows rows={8} />}>
      {(data) =>
        data.stages.every(
          ({ planned }) => planned.money === null && planned.device_hours === null && planned.tokens === null,
        ) ? (
          <Empty
            title="No stage has a plan"
            text="A plan holds tokens, device-hours or money of a stage; it is compared here with what was spent."
          >
            <Link className="link" href={paths.lineage(workspace, project)}>
              Stages of this project
            </Link>
          </Empty>
        ) : (
          <Copied name={`${project}-plan`} table={planTable(data)} />
        )
      }
    </Answer>
  )
}

/** Who used a stage, and what its cost is spread over them or over the tokens that it will serve. */
export function BasesTab({ workspace, project, whole }: { workspace: string; project: string; whole: ProjectCost }) {
  const [view, set] = useQueryStates(ADDRESS)
  const trpc = useTRPC()
  const bases = whole.stages.filter((stage) => stage.role === 'base' || stage.parents.length === 0)
  const chosen = whole.stages.find((stage) => stage.experiment.number === view.base) ?? bases[0] ?? whole.stages[0]
  const use = useQuery(
    trpc.cost.baseUse.queryOptions(
      {
        workspace,
        project,
        experiment: chosen?.experiment.number ?? 0,
        ...(view.served !== null && view.served > 0 ? { served_tokens: view.served } : {}),
        ...askOf(view),
      },
      { enabled: chosen !== undefined, placeholderData: (before) => before },
    ),
  )
  if (!chosen) return <Empty title="No stage yet" text="The users of a base are the stages that descend from it." />
  return (
    <Section
      title={`Who used ${chosen.experiment.name}`}
      actions={
        <span className={styles.actions}>
          <Select
            aria-label="Base"
            w={180}
            value={String(chosen.experiment.number)}
            searchable={whole.stages.length > 12}
            data={whole.stages.map(({ experiment }) => ({ value: String(experiment.number), label: experiment.name }))}
            onChange={(value) => void set({ base: value === null ? null : Number(value) })}
          />
          <NumberInput
            aria-label="Tokens expected to be served, in millions"
            size="xs"
            w={190}
            placeholder="million tokens to be served"
            min={0}
            value={view.served === null ? '' : view.served / 1e6}
            onChange={(value) => void set({ served: typeof value === 'number' && value > 0 ? value * 1e6 : null })}
          />
        </span>
      }
    >
      <Answer query={use} what="The users of the base" loading={<LoadingRows rows={6} />}>
        {(data) => {
          const direct = data.children.filter((child) => child.is_direct).length
          const each = data.per_child.map((amount) => formatMoney(amount)).join(' + ')
          const served = data.per_million_served.map((amount) => formatMoney(amount)).join(' + ')
          return (
            <>
              <p className={styles.said}>
                Its lineage cost <b>{totalWords(data.total, view.currency)}</b>.{' '}
                {data.children.length === 0
                  ? 'Nothing descends from it yet.'
                  : `${data.children.length} stages descend from it, ${direct} of them directly`}
                {data.children.length > 0 ? (
                  each ? (
                    <>
                      : <b>{each}</b> per direct child.
                    </>
                  ) : (
                    '.'
                  )
                ) : null}
                {served && view.served !== null ? (
                  <>
                    {' '}
                    Over {formatCount(view.served)} served tokens: <b>{served}</b> per million, serving itself apart.
                  </>
                ) : null}
                {data.embodied ? (
                  <>
                    {' '}
                    Embodied, in no total: {embodiedWords(data.embodied)}; {data.embodied.source}.
                  </>
                ) : null}
              </p>
              <ServingPart name={data.base.name} total={data.total} stage={chosen} />
              <DataTable
                label={`Stages that use ${data.base.name}`}
                columns={USERS}
                rows={data.children.map((child) => ({
                  ...child,
                  href: paths.stage(workspace, child.experiment.project, child.experiment.number),
                }))}
                rowKey={(row) => `${row.experiment.project} ${row.experiment.number}`}
                none="No stage descends from it yet."
                compact
              />
            </>
          )
        }}
      </Answer>
    </Section>
  )
}

function embodiedWords(embodied: {
  device: string | null
  device_hours: number | null
  kwh: number | null
  kg_co2e: number | null
}): string {
  const { device, device_hours, kwh, kg_co2e } = embodied
  return [
    device_hours === null ? null : `${formatCount(device_hours)} ${device ?? 'device'}-hours`,
    kwh === null ? null : `${formatCount(kwh)} kWh`,
    kg_co2e === null ? null : `${formatCount(kg_co2e / 1000)} t CO₂e`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}

/** How a stage uses another one directly. */
const USE_WORDS: Readonly<Record<string, string>> = {
  init: 'starts from it',
  adapter_on: 'adapter on it',
  merge: 'merged from it',
  teacher: 'taught by it',
  generator: 'data generated by it',
  judge: 'judged by it',
  reference: 'keeps near it',
  reward_model: 'rewarded by it',
}

interface User {
  experiment: { project: string; number: number; name: string; stage_kind: Parameters<typeof StageIcon>[0]['kind'] }
  kind: string
  is_direct: boolean
  is_abandoned: boolean
  href: string
}

const USERS: readonly Column<User>[] = [
  {
    key: 'stage',
    title: 'Stage',
    head: true,
    cell: ({ experiment, href }) => (
      <span className={styles.lead}>
        <StageIcon kind={experiment.stage_kind} label />
        <Link className="link" href={href}>
          {experiment.name}
        </Link>
      </span>
    ),
  },
  { key: 'project', title: 'Project', cell: ({ experiment }) => experiment.project },
  {
    key: 'how',
    title: 'How',
    cell: ({ kind, is_direct }) => (is_direct ? (USE_WORDS[kind] ?? kind.replaceAll('_', ' ')) : 'descends'),
  },
  { key: 'state', title: '', cell: ({ is_abandoned }) => (is_abandoned ? 'archived' : '') },
]
