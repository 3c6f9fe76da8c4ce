'use client'
import { Switch, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { type ReactNode, useMemo, useRef } from 'react'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import type { RequestAsked } from '#src/ui/charts/copy-items.tsx'
import { ChartGroup, useSharedCursor } from '#src/ui/charts/group-state.tsx'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { GainAgainstLoss } from '#src/ui/side-by-side/gain-against-loss.tsx'
import shared from '#src/ui/side-by-side/side-by-side.module.css'
import { baselineOf } from '#src/ui/side-by-side/sides.ts'
import { SidesTable } from '#src/ui/side-by-side/sides-table.tsx'
import { hiddenCount, sidesText } from '#src/ui/side-by-side/sides-text.ts'
import { useViewState } from '#src/ui/view-state/use-view-state.ts'
import { Charts } from './charts.tsx'
import styles from './compare.module.css'
import { DifferenceSteps } from './differences.tsx'
import { entrySides } from './entry-sides.ts'
import {
  ConfigPart,
  MetricsPart,
  type PartChoice,
  partTexts,
  STATS,
  shownConfig,
  shownMetrics,
} from './sides-parts.tsx'
import { CHARTS_VIEW, SIDES_VIEW } from './view-words.ts'

const ConfigDiff = later(() => import('./config-diff.tsx').then((file) => file.ConfigDiff))
const UnknownParts = later(() => import('./unknown-parts-of-sides.tsx').then((file) => file.UnknownPartsOfSides))
const MediaSteps = later(() => import('#src/ui/media/media-steps.tsx').then((file) => file.MediaSteps))

const STAT_WORDS = { last: 'Last value', best: 'Best value', min: 'Minimum', max: 'Maximum' } as const

/** Entries side by side: the table at the left, the same answer as pictures and as text at the right. */
export function SidesView(props: {
  workspace: string
  /** What saved files are called. */
  name: string
  title: string
  sides: SideBySide
  hidden: number
  frozenAt: string | null
  request: RequestAsked
  /** Null: the columns cannot be changed here. */
  onBaseline: ((entry: string) => void) | null
  onRemove: ((entry: string) => void) | null
  /** Controls of the page, before those of the table. */
  controls: ReactNode
}) {
  const { workspace, sides: of, onBaseline, onRemove } = props
  const [view, set] = useViewState(SIDES_VIEW)
  const [charts] = useViewState(CHARTS_VIEW)
  const cursor = useSharedCursor()
  const table = useRef<HTMLDivElement>(null)
  const sides = entrySides(workspace, of)
  const base = baselineOf(sides)
  const choice: PartChoice = { differencesOnly: !view.all, filter: view.rows, stat: view.stat }
  const filtered = { ...choice, filter: '' }
  const hiddenRows = view.all
    ? 0
    : hiddenCount(sides, true) +
      (of.config.length - shownConfig(of.config, filtered).length) +
      (of.metrics.length - shownMetrics(of.metrics, filtered).length)
  const text = { ...sidesText(sides, !view.all, partTexts(sides, of, choice)) }
  const mediaRuns = useMemo(() => {
    const runs = of.entries.flatMap(({ run, stage }) =>
      run ? [{ project: stage.project, number: run.number, name: run.name }] : [],
    )
    return [...new Map(runs.map((run) => [`${run.project} ${run.number}`, run])).values()]
  }, [of])
  const removable = onRemove !== null && sides.columns.length > 1
  return (
    <>
      <UnknownParts />
      <div className={styles.controls}>
        {props.controls}
        {onBaseline && sides.columns.length > 1 ? (
          <Select
            aria-label="Baseline"
            w={230}
            value={sides.columns[base]?.key ?? null}
            placeholder="Baseline hidden from you"
            data={sides.columns.map(({ key, name, mark }) => ({
              value: key,
              label: `Baseline ${name} ${mark}`.trim(),
            }))}
            onChange={(entry) => entry !== null && onBaseline(entry)}
          />
        ) : null}
        <Switch
          size="xs"
          label={
            hiddenRows > 0
              ? `Differences only, ${hiddenRows} ${hiddenRows === 1 ? 'row' : 'rows'} hidden`
              : 'Differences only'
          }
          checked={!view.all}
          onChange={(event) => set({ all: !event.currentTarget.checked }, { label: 'differences only' })}
        />
        <DifferenceSteps table={table} />
        <TextInput
          aria-label="Filter keys of config and metrics"
          placeholder="Filter keys"
          w={150}
          leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
          value={view.rows}
          onChange={(event) => set({ rows: event.currentTarget.value }, { label: 'filter of keys', gesture: 'rows' })}
        />
        {of.metrics.length > 0 ? (
          <Select
            aria-label="Value of metrics"
            w={130}
            value={view.stat}
            data={STATS.map((value) => ({ value, label: STAT_WORDS[value] }))}
            onChange={(stat) => set({ stat: STATS.find((one) => one === stat) ?? null }, { label: 'value of metrics' })}
          />
        ) : null}
        <span className={styles.end}>
          <PictureMenu
            name={props.name}
            table={{ ...text, title: `${props.title}: ${text.title}` }}
            request={props.request}
          />
        </span>
      </div>
      <div className={shared.columns}>
        <div className={shared.left} ref={table}>
          <SidesTable
            workspace={workspace}
            label={props.title}
            corner={cornerWords(sides.columns.length, props.hidden)}
            sides={sides}
            differencesOnly={!view.all}
            onPin={onBaseline && ((at) => onBaseline(sides.columns[at]?.key ?? ''))}
            onRemove={removable ? (at) => onRemove(sides.columns[at]?.key ?? '') : null}
          >
            <MetricsPart sides={sides} rows={of.metrics} leftOut={of.metrics_left_out} choice={choice} />
            <ConfigPart
              sides={sides}
              rows={of.config}
              leftOut={of.config_left_out}
              choice={choice}
              onText={(path) => set({ text: path.join('.') }, { label: 'text of a key' })}
            />
          </SidesTable>
        </div>
        <div className={`${shared.right} ${styles.rightColumn}`}>
          {of.why.length > 0 ? (
            <GainAgainstLoss
              name={props.name}
              sides={sides}
              text={text}
              axes={{ x: view.across, y: view.up }}
              onAxis={(axis) =>
                set('x' in axis ? { across: axis.x } : { up: axis.y }, { label: 'axes of gain against loss' })
              }
            />
          ) : null}
          {sides.columns.length > 1 ? (
            <ConfigDiff
              sides={sides}
              config={of.config}
              pair={view}
              path={view.text}
              onChange={(change) => set(change, { label: 'texts compared' })}
            />
          ) : null}
          <Charts workspace={workspace} sides={of} frozenAt={props.frozenAt} cursor={cursor} />
        </div>
      </div>
      <ChartGroup shared={cursor}>
        <MediaSteps workspace={workspace} runs={mediaRuns} axis={charts.x} live={props.frozenAt === null} />
      </ChartGroup>
    </>
  )
}

const cornerWords = (shown: number, hidden: number): string =>
  hidden === 0
    ? `${shown} ${shown === 1 ? 'entry' : 'entries'}`
    : `${shown} of ${shown + hidden} entries visible to you`
