'use client'
import { type KeyboardEvent, useId } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { formatMoney } from '#src/core/format/money.ts'
import { formatMark } from '#src/core/format/number.ts'
import { innerScale } from '#src/ui/charts/ticks.ts'
import { STAGE_LOOKS } from '#src/ui/marks/stage-kinds.ts'
import styles from './cost.module.css'
import { embodiedIn, isWholeUnit, timeLack, timeWords, type UnitChoice, valueWords } from './cost-units.ts'
import { type Bar, type BarPart, PART_WORDS, type Waterfall } from './prepare-waterfall.ts'
import { totalWords } from './totals.ts'

const TOP = 30
const FOOT = 42
/** A name that takes a second line. */
const NAME_LINE = 14
const STEP_MIN = 60
const STEP_MAX = 84
const BAR_SHARE = 0.62
/** A bar of which nothing is known. */
const UNKNOWN = 18
/** What an external base took; one height for all, since a base's years of devices would flatten every stage after it. */
const EMBODIED = 64

/** How opaque a part is in the colour of its stage. Waste is hatched instead. */
const OPACITY: Readonly<Partial<Record<BarPart['kind'], number>>> = {
  preparation: 0.25,
  work: 1,
  evaluation: 0.55,
  other: 0.75,
}

export interface WaterfallProps {
  waterfall: Waterfall
  choice: UnitChoice
  /** Of the box, px; more bars than fit make it wider, and it scrolls. */
  width: number
  height: number
  /** The words over the path's bars: "Path to dpo". */
  pathWords: string
  /** The bar that is shown in full below. */
  picked: string | null
  lit: string | null
  onPick: (bar: Bar) => void
  onLight: (key: string | null) => void
}

/** Bars from the first stage to the project, each on the end of the one before. A bar is a button: it shows its runs and prices. */
export function WaterfallDrawing(props: WaterfallProps) {
  const { waterfall, choice, height } = props
  const { bars } = waterfall
  const hatch = useId()
  const letters = (step: number) => Math.floor(step / 6.1)
  const scale = waterfall.most > 0 ? axisScale(waterfall.most, choice) : { max: 1, at: [] }
  const marks = scale.at.map((value) => ({ value, words: tickWords(value, choice) }))
  const left = 20 + Math.max(3, ...marks.map(({ words }) => words.length)) * 6.8
  const step = Math.min(STEP_MAX, Math.max(STEP_MIN, (props.width - left - 8) / Math.max(1, bars.length)))
  const width = Math.max(props.width, left + bars.length * step + 8)
  const names = bars.map((bar) => nameLines(bar.name, letters(step)))
  const foot = FOOT + (names.some((lines) => lines.length > 1) ? NAME_LINE : 0)
  const plot = height - TOP - foot
  const y = (value: number) => TOP + plot - (value / scale.max) * plot
  const first = (group: Bar['group']) => bars.findIndex((bar) => bar.group === group)
  const xOf = (i: number) => left + i * step
  const isOutside = (bar: Bar) => bar.stage?.role === 'base'
  const captions = [
    { at: bars.findIndex(isOutside), words: ['Embodied, in no total', 'Embodied'] },
    { at: bars.findIndex((bar) => bar.group === 'path' && !isOutside(bar)), words: [props.pathWords] },
    { at: first('branch'), words: ['Branches not continued', 'Not continued', 'Branches'] },
    { at: first('waste'), words: ['Other work'] },
  ]
    .filter(({ at }) => at >= 0)
    .map(({ at, words }, i, all) => {
      const letters = Math.floor((((all[i + 1]?.at ?? bars.length + 2) - at) * step - 10) / 6.2)
      return { at, words: words.find((one) => one.length <= letters) ?? short(words.at(-1) ?? '', letters) }
    })
  return (
    <svg className={styles.svg} data-drawing width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{`Where the ${choice.unit} went, as bars; the table holds the same numbers`}</title>
      <defs>
        <pattern id={hatch} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V5" stroke="var(--text-2)" strokeWidth={1.2} />
        </pattern>
      </defs>
      {marks.map(({ value, words }) => (
        <g key={value}>
          <path d={`M${left - 6} ${y(value)}H${width}`} stroke={value === 0 ? 'var(--line-2)' : 'var(--grid)'} />
          <text className={styles.quiet} x={left - 12} y={y(value) + 4} textAnchor="end">
            {words}
          </text>
        </g>
      ))}
      {captions.map(({ at, words }, i) => (
        <g key={words}>
          {i > 0 ? <path d={`M${xOf(at) - 1} 2V${height - 4}`} stroke="var(--line-2)" /> : null}
          <text className={styles.second} x={xOf(at) + (i > 0 ? 8 : 0)} y={13}>
            {words}
          </text>
        </g>
      ))}
      {bars.slice(1).map((bar, i) => {
        // What a base took before is no step of the way.
        if (bars[i] && isOutside(bars[i])) return null
        // A total begins at 0 and ends where the last bar did.
        const level = bar.group === 'model' || bar.group === 'project' ? bar.to : bar.from
        const width = step * BAR_SHARE
        return (
          <path
            key={bar.key}
            d={`M${xOf(i) + (step + width) / 2} ${y(level)}H${xOf(i + 1) + (step - width) / 2}`}
            stroke="var(--ctl)"
          />
        )
      })}
      {bars.map((bar, i) => (
        <BarMark
          key={bar.key}
          {...props}
          bar={bar}
          names={names[i] ?? [bar.name]}
          isFirst={i === 0}
          x={xOf(i)}
          step={step}
          y={y}
          hatch={`url(#${hatch})`}
          stop={props.picked === null ? i === 0 : props.picked === bar.key}
        />
      ))}
    </svg>
  )
}

interface BarProps extends WaterfallProps {
  bar: Bar
  /** Its name in one line or two. */
  names: readonly string[]
  isFirst: boolean
  x: number
  step: number
  y: (value: number) => number
  hatch: string
  /** Whether Tab comes here; arrows walk on. */
  stop: boolean
}

function BarMark(props: BarProps) {
  const { bar, choice, x, step, y, height } = props
  const isSum = bar.group === 'model' || bar.group === 'project'
  const look = bar.stage ? STAGE_LOOKS[bar.stage.experiment.stage_kind] : null
  const width = step * BAR_SHARE
  const left = x + (step - width) / 2
  const middle = x + step / 2
  const known = bar.value !== null
  const top = known ? y(bar.to) : y(bar.from) - UNKNOWN
  const isBase = bar.stage?.role === 'base'
  const words = barWords(bar, choice, props.isFirst)
  const keys = (event: KeyboardEvent<SVGGElement>) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      props.onPick(bar)
    }
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const all = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-bar]') ?? [])]
    all[all.indexOf(event.currentTarget) + by]?.focus()
  }
  const base = y(0)
  return (
    // biome-ignore lint/a11y/useSemanticElements: HTML buttons cannot stand inside a drawing
    <g
      className={styles.bar}
      data-bar={bar.key}
      data-amount={bar.total.amounts.map((a) => a.amount).join(' ')}
      data-lit={props.lit === bar.key || props.picked === bar.key || undefined}
      role="button"
      aria-label={barLabel(bar, choice)}
      aria-pressed={props.picked === bar.key}
      tabIndex={props.stop ? 0 : -1}
      onClick={() => props.onPick(bar)}
      onKeyDown={keys}
      onPointerEnter={() => props.onLight(bar.key)}
      onPointerLeave={() => props.onLight(null)}
      onFocus={() => props.onLight(bar.key)}
      onBlur={() => props.onLight(null)}
    >
      <rect x={x + 1} y={18} width={step - 2} height={height - 20} fill="transparent" />
      {isSum ? (
        <SumRects bar={bar} left={left} width={width} y={y} modelTo={modelEnd(props.waterfall)} />
      ) : known ? (
        <Parts {...props} left={left} width={width} colour={look?.colour ?? 'var(--text-2)'} />
      ) : isBase ? null : (
        <rect x={left} y={top} width={width} height={UNKNOWN} fill="none" stroke="var(--ctl)" strokeDasharray="3 3" />
      )}
      {isBase ? (
        <g data-embodied>
          <rect x={left} y={base - EMBODIED} width={width} height={EMBODIED} fill={props.hatch} opacity={0.6} />
          <rect x={left} y={base - EMBODIED} width={width} height={EMBODIED} fill="none" stroke="var(--st-external)" />
        </g>
      ) : null}
      {bar.isEstimate && known && !isBase ? (
        <rect
          data-estimate
          x={left}
          y={y(bar.to)}
          width={width}
          height={Math.max(0, y(isSum ? 0 : bar.from) - y(bar.to))}
          fill={props.hatch}
          opacity={0.55}
        />
      ) : null}
      <text
        className={isSum ? styles.sum : styles.value}
        x={middle}
        y={(isBase ? base - EMBODIED : top) - 6}
        textAnchor="middle"
      >
        {words}
      </text>
      {look ? (
        <look.Icon
          x={middle - 7}
          y={base + 6}
          width={14}
          height={14}
          color={look.colour}
          strokeWidth={1.75}
          aria-hidden
        />
      ) : null}
      {props.names.map((line, i) => (
        <text
          key={line}
          className={isSum ? styles.sum : styles.name}
          x={middle}
          y={base + 34 + i * NAME_LINE}
          textAnchor="middle"
        >
          {line}
        </text>
      ))}
      <title>{barLabel(bar, choice)}</title>
    </g>
  )
}

function Parts({ bar, y, left, width, colour, hatch }: BarProps & { left: number; width: number; colour: string }) {
  let from = bar.from
  const isPath = bar.group === 'path'
  const isWaste = bar.group === 'waste'
  const rects = bar.parts.map((part) => {
    const to = from + (part.value ?? 0)
    const rect = { part, top: y(to), height: Math.max(0, y(from) - y(to)) }
    from = to
    return rect
  })
  const opacity = (kind: BarPart['kind']) => (OPACITY[kind] ?? 0.16) * (isPath ? 1 : 0.28)
  return (
    <g>
      {rects.map(({ part, top, height }) => (
        <g key={part.kind}>
          {isWaste ? null : (
            <rect x={left} y={top} width={width} height={height} fill={colour} fillOpacity={opacity(part.kind)} />
          )}
          {isWaste || OPACITY[part.kind] === undefined ? (
            <rect x={left} y={top} width={width} height={height} fill={hatch} opacity={0.55} />
          ) : null}
        </g>
      ))}
      {isPath && bar.value !== 0 ? null : (
        <rect
          className={styles.outline}
          x={left + 0.5}
          y={y(bar.to)}
          width={width - 1}
          height={Math.max(1, y(bar.from) - y(bar.to))}
          fill="none"
          stroke={colour}
        />
      )}
    </g>
  )
}

/** The model in ink; of the project what is not in the model is lighter. */
function SumRects(props: { bar: Bar; left: number; width: number; y: (v: number) => number; modelTo: number }) {
  const { bar, left, width, y, modelTo } = props
  const end = bar.group === 'project' ? Math.min(modelTo, bar.to) : bar.to
  return (
    <g>
      <rect x={left} y={y(end)} width={width} height={Math.max(0, y(0) - y(end))} fill="var(--text-2)" />
      {bar.to > end ? (
        <rect
          x={left + 0.5}
          y={y(bar.to)}
          width={width - 1}
          height={y(end) - y(bar.to)}
          fill="var(--text-2)"
          fillOpacity={0.35}
          stroke="var(--text-2)"
        />
      ) : null}
    </g>
  )
}

const modelEnd = ({ bars }: Waterfall): number => bars.find((bar) => bar.group === 'model')?.to ?? 0

function barWords(bar: Bar, choice: UnitChoice, isFirst: boolean): string {
  if (bar.stage?.role === 'base') {
    const embodied = embodiedIn(bar.stage, choice.unit)
    if (embodied === null) return 'not told'
    return choice.unit === 'time' ? `${formatCount(embodied)} h` : valueWords(embodied, choice)
  }
  if (bar.value === null)
    return bar.lacks === 'price missing' ? 'no price' : bar.lacks === 'not published' ? 'unpublished' : 'not known'
  if (bar.value === 0) return '0'
  const isSum = bar.group === 'model' || bar.group === 'project'
  const sign = isSum || isFirst || bar.value === 0 ? '' : '+'
  if (isSum) return valueWords(bar.value, choice)
  return `${sign}${bareWords(bar.value, choice)}`
}

/** The number alone where the head of the picture says the unit: seconds below an hour, an amount without its sign. */
function bareWords(value: number, choice: UnitChoice): string {
  if (choice.unit === 'time') return value < 1 ? timeWords(value).replace(/ s$/, '') : timeWords(value)
  if (choice.unit === 'money') return formatMoney({ amount: String(value), currency: '' }).trim()
  return valueWords(value, choice)
}

/** "base: 117 s, $0.0026; preparation 3.3 s, training 110 s". */
function barLabel(bar: Bar, choice: UnitChoice): string {
  const untold = bar.hours === 0 ? timeLack(bar.total, []) : null
  const head = `${bar.name}: ${untold ?? `${timeWords(bar.hours)}, ${totalWords(bar.total, choice.currency)}`}`
  if (bar.stage?.role === 'base') {
    const embodied = embodiedIn(bar.stage, choice.unit)
    const told = embodied === null ? '' : `; embodied ${valueWords(embodied, choice)}, drawn not to scale`
    return `${bar.name}: from outside, in no total${told}`
  }
  if (untold !== null) return [head, isWholeUnit(choice.unit) ? valueLabel(bar, choice) : ''].filter(Boolean).join('; ')
  const parts = bar.parts.map((part) => `${partWord(part.kind)} ${timeWords(part.hours)}`)
  const other = isWholeUnit(choice.unit) ? [`${valueLabel(bar, choice)}${bar.isEstimate ? ', an estimate' : ''}`] : []
  return [head, ...other, parts.join(', ')].filter(Boolean).join('; ')
}

const valueLabel = (bar: Bar, choice: UnitChoice): string =>
  bar.value === null ? (bar.lacks ?? 'not known') : valueWords(bar.value, choice)

const partWord = (kind: BarPart['kind']): string =>
  kind in PART_WORDS ? PART_WORDS[kind as keyof typeof PART_WORDS] : kind.replaceAll('_', ' ')

/** Marks in seconds where all is less than an hour. */
function axisScale(most: number, { unit }: UnitChoice): { max: number; at: number[] } {
  const inSeconds = unit === 'time' && most < 1
  // Room for the words above the highest bar.
  const { max, at } = innerScale(0, (inSeconds ? most * 3600 : most) * 1.06, 4, false)
  return inSeconds ? { max: max / 3600, at: at.map((v) => v / 3600) } : { max, at }
}

function tickWords(value: number, choice: UnitChoice): string {
  if (value === 0) return '0'
  if (choice.unit === 'time') return value < 1 ? String(Math.round(value * 3600)) : `${formatMark(value)} h`
  if (choice.unit === 'money') return formatMark(value)
  return valueWords(value, choice)
}

/** A name in one line, or cut in two behind a dash, each as long as fits. */
function nameLines(name: string, most: number): string[] {
  if (name.length <= most) return [name]
  const at = Math.max(name.lastIndexOf('-', most - 1), name.lastIndexOf('_', most - 1), name.lastIndexOf(' ', most - 1))
  return at > 0 ? [name.slice(0, at + 1), short(name.slice(at + 1), most)] : [short(name, most)]
}

const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`
