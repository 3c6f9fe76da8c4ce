import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import { formatCount } from '#src/core/format/count.ts'
import { formatDuration } from '#src/core/format/duration.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatValue } from '#src/core/format/number.ts'
import { mainLoss } from '#src/core/lineage/main-loss.ts'
import { changeInk, changeNumber, directionArrow, shortReading } from '#src/ui/changes/change-words.ts'
import { headlineChanges } from '#src/ui/changes/headline-changes.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import { runLook } from '#src/ui/charts/run-colour.ts'
import { useChart } from '#src/ui/charts/use-chart.ts'
import { CopyButton } from '#src/ui/kit/copy-button.tsx'
import { Sparkline } from '#src/ui/marks/sparkline.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { StateWord } from '#src/ui/marks/state-word.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './palette.module.css'
import type { ItemPreview, PaletteItem } from './palette-items.ts'
import { ValueBars } from './value-bars.tsx'

/** The usual questions about the chosen line, answered without opening it; and what the keys do with it. */
export function PalettePreview({
  workspace,
  item,
  hasParent,
  inCharts,
}: {
  workspace: string
  item: PaletteItem | null
  /** Ctrl Enter lays it beside the run that its weights come from. */
  hasParent: boolean
  /** Alt Enter draws it alone. */
  inCharts: boolean
}) {
  return (
    <aside className={styles.preview} aria-label="About the chosen line">
      {item?.preview ? <About workspace={workspace} preview={item.preview} /> : null}
      {item ? (
        <div className={styles.does}>
          <span>{'command' in item.go ? 'Switch' : 'Open'}</span>
          <kbd className={styles.key}>Enter</kbd>
          {hasParent ? (
            <>
              <span>Compare with parent</span>
              <kbd className={styles.key}>Ctrl Enter</kbd>
            </>
          ) : null}
          {inCharts ? (
            <>
              <span>Show only this in charts</span>
              <kbd className={styles.key}>Alt Enter</kbd>
            </>
          ) : null}
        </div>
      ) : null}
    </aside>
  )
}

function About({ workspace, preview }: { workspace: string; preview: ItemPreview }) {
  const place = { workspace, project: preview.project }
  switch (preview.kind) {
    case 'run':
      return <AboutRun key={preview.number} place={place} number={preview.number} name={preview.name} />
    case 'stage':
      return <AboutStage place={place} number={preview.number} name={preview.name} />
    case 'field':
      return <AboutField place={place} field={preview.field} />
    case 'checkpoint':
      return (
        <Facts>
          <Fact word={preview.sha256 === null ? 'Id' : 'SHA-256'}>
            <span className="mono">{(preview.sha256 ?? preview.id).slice(0, 16)}…</span>{' '}
            <CopyButton text={preview.sha256 ?? preview.id} label="Copy in full" />
          </Fact>
        </Facts>
      )
  }
}

interface Place {
  workspace: string
  project: string
}

function AboutRun({ place, number, name }: { place: Place; number: number; name: string }) {
  const trpc = useTRPC()
  const columns = ['tokens', 'duration', 'cost']
  const table = useQuery({
    ...trpc.runs.table.queryOptions({ ...place, q: `number = ${number}`, columns, limit: 1, archived: true }),
    staleTime: 30_000,
  })
  const row = table.data?.rows[0]
  const [tokens, duration, cost] = row?.cells ?? []
  return (
    <>
      <h2 className={styles.previewTitle}>
        {row ? <StageIcon kind={row.stage.kind} /> : null}
        <span>{name}</span>
        <span className="ink-3">#{number}</span>
      </h2>
      {row ? (
        <p className="ink-2">
          {STAGE_WORDS[row.stage.kind]}, {row.stage.name} <StateWord state={row.state} small />
        </p>
      ) : null}
      <Facts>
        <Scores place={place} number={number} />
        {typeof tokens === 'number' ? <Fact word="Tokens">{formatCount(tokens)}</Fact> : null}
        {typeof duration === 'number' ? <Fact word="Duration">{formatDuration(duration)}</Fact> : null}
        {typeof cost === 'number' ? (
          <Fact word="Cost">
            <b>{formatMoney({ amount: String(cost), currency: table.data?.currency ?? '' })}</b>
          </Fact>
        ) : null}
      </Facts>
      <Curve place={place} number={number} />
    </>
  )
}

/** What the newest evaluated checkpoint of the run gained and lost against its parent, read as its page does. */
function Scores({ place, number }: { place: Place; number: number }) {
  const trpc = useTRPC()
  const list = useQuery({ ...trpc.runs.checkpoints.queryOptions({ ...place, run: number }), staleTime: 30_000 })
  const newest = [...(list.data ?? [])].sort((a, b) => b.step - a.step).find(({ evaluated }) => evaluated > 0)
  const changes = useQuery({
    ...trpc.evaluations.changes.queryOptions({ ...place, checkpoint: newest?.id ?? '', baseline: 'parent' }),
    enabled: newest !== undefined,
    staleTime: 30_000,
  })
  return headlineChanges(changes.data ?? []).map((change) => {
    const { benchmark, value } = change
    const ink = changeInk(change)
    return (
      <Fact key={benchmark.slug} word={`${benchmark.name} ${directionArrow(benchmark.higher_is_better)}`}>
        <b>{value === null ? '–' : scoreWords(value, benchmark)}</b>{' '}
        {change.change === null ? null : (
          <span
            className={ink === 'grey' ? 'ink-3' : undefined}
            style={ink === 'grey' ? undefined : { color: INKS[ink] }}
          >
            {changeNumber(change)} {change.reading === 'no_difference_found' ? 'unclear' : shortReading(change)}
          </span>
        )}
      </Fact>
    )
  })
}

const INKS = { gained: 'var(--gain-ink)', lost: 'var(--lost-ink)' } as const

const CURVE_PX = 256

/** The loss that its page shows first, else the first of its metrics, as it went. */
function Curve({ place, number }: { place: Place; number: number }) {
  const trpc = useTRPC()
  const metrics = useQuery({ ...trpc.runs.metrics.queryOptions({ ...place, run: number }), staleTime: 30_000 })
  const known = metrics.data?.filter(({ key, n }) => n > 1 && !key.startsWith('system/')) ?? []
  const loss = mainLoss(known)
  const shown = known.find(({ key }) => key === loss) ?? known[0]
  const { chart } = useChart(
    { ...place, runs: [number], metrics: shown ? [shown.key] : [], px: CURVE_PX, superseded: false, x: 'step' },
    { enabled: shown !== undefined, live: false },
  )
  const line = chart?.series[0]
  if (!shown || !line || line.x.length < 2) return null
  const [x, y] = [Array.from(line.x), Array.from(line.y, (value) => (Number.isFinite(value) ? value : null))]
  const values = y.filter((value) => value !== null)
  return (
    <div className={styles.curve}>
      <div>
        {shown.key}, over step, {formatValue(Math.min(...values))} to {formatValue(Math.max(...values))}
      </div>
      <Sparkline
        x={x}
        y={y}
        width={CURVE_PX}
        height={88}
        colour={runLook(number).colour}
        label={`${shown.key} of run ${number} over its steps`}
      />
      <div className={styles.curveEnds}>
        <span>{formatCount(x[0] ?? 0)}</span>
        <span>{formatCount(x.at(-1) ?? 0)}</span>
      </div>
    </div>
  )
}

function AboutStage({ place, number, name }: { place: Place; number: number; name: string }) {
  const trpc = useTRPC()
  const { data } = useQuery({
    ...trpc.runs.table.queryOptions({
      ...place,
      q: `stage = ${JSON.stringify(name)}`,
      columns: ['tokens', 'duration', 'cost'],
      limit: 5,
    }),
    staleTime: 30_000,
  })
  const mine = data?.rows.filter(({ stage }) => stage.number === number) ?? []
  return (
    <>
      <h2 className={styles.previewTitle}>
        <span>{name}</span>
      </h2>
      {mine.length > 0 ? (
        <Facts>
          {mine.map((row) => (
            <Fact key={row.uid} word={`${row.name} #${row.number}`}>
              <StateWord state={row.state} small />
            </Fact>
          ))}
        </Facts>
      ) : null}
    </>
  )
}

function AboutField({ place, field }: { place: Place; field: string }) {
  const trpc = useTRPC()
  const { data } = useQuery({
    ...trpc.search.keys.queryOptions({ ...place, text: field, limit: 8 }),
    staleTime: 60_000,
  })
  const entry = data?.entries.find((one) => one.field === field)
  return (
    <>
      <h2 className={styles.previewTitle}>
        <span className="mono">{field}</span>
      </h2>
      {entry ? (
        <>
          <Facts>
            <Fact word="Holds">{entry.kind}</Fact>
            <Fact word="Runs">{entry.runs.toLocaleString('en')}</Fact>
            {entry.range ? (
              <Fact word="From, to">
                {formatValue(entry.range[0])} – {formatValue(entry.range[1])}
              </Fact>
            ) : null}
            {entry.values.length > 0 ? <Fact word="Such as">{entry.values.join(', ')}</Fact> : null}
          </Facts>
          <ValueBars bars={entry.bars} width={CURVE_PX} height={64} />
        </>
      ) : null}
    </>
  )
}

const Facts = ({ children }: { children: ReactNode }) => <dl className={styles.facts}>{children}</dl>

const Fact = ({ word, children }: { word: string; children: ReactNode }) => (
  <>
    <dt title={word}>{word}</dt>
    <dd>{children}</dd>
  </>
)
