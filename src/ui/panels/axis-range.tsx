'use client'
import { Button, Checkbox } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { type AxisRange, categoryPlace, type ParallelAxis, valueAt } from '#src/core/panels/parallel-axes.ts'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { fieldName } from './field-format.ts'
import styles from './panels.module.css'

/** The range of one axis in numbers, or its categories as boxes: what a drag does, without one. */
export function AxisRangeForm(props: {
  axis: ParallelAxis
  range: AxisRange | null
  onRange: (range: AxisRange | null) => void
}) {
  const { axis, range, onRange } = props
  const name = fieldName(axis.field)
  return (
    <fieldset className={styles.range} aria-label={`Range of ${name}`}>
      <span className={styles.rangeName}>{name}</span>
      {axis.kind === 'category' ? (
        <Names axis={axis} range={range} onRange={onRange} />
      ) : axis.ends === null ? (
        <span className="ink-3">No run has a value.</span>
      ) : (
        <Numbers axis={axis} range={range} onRange={onRange} />
      )}
      {range ? (
        <Button size="compact-xs" onClick={() => onRange(null)}>
          All values
        </Button>
      ) : null}
    </fieldset>
  )
}

type FormProps = Parameters<typeof AxisRangeForm>[0]

function Numbers({ axis, range, onRange }: FormProps) {
  const [low = 0, high = 0] = axis.ends ?? []
  const placeOf = (value: number) => {
    if (high === low) return 0.5
    const share = axis.isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
    return Math.min(1, Math.max(0, share))
  }
  const shown = (place: number) => Number((valueAt(axis, place) ?? 0).toPrecision(4))
  const from = range?.from ?? 0
  const to = range?.to ?? 1
  const set = (next: { from: number; to: number }) =>
    onRange(next.from <= 0 && next.to >= 1 ? null : { field: axis.field, ...next })
  return (
    <>
      <NumberInput
        size="xs"
        w={110}
        hideControls
        aria-label="From"
        prefix="from "
        value={shown(from)}
        onBlur={(event) => {
          const value = Number(event.currentTarget.value.replace('from ', ''))
          if (event.currentTarget.value !== '' && (!axis.isLog || value > 0) && value !== shown(from))
            set({ from: Math.min(placeOf(value), to), to })
        }}
        onKeyDown={blurOnEnter}
      />
      <NumberInput
        size="xs"
        w={110}
        hideControls
        aria-label="To"
        prefix="to "
        value={shown(to)}
        onBlur={(event) => {
          const value = Number(event.currentTarget.value.replace('to ', ''))
          if (event.currentTarget.value !== '' && (!axis.isLog || value > 0) && value !== shown(to))
            set({ from, to: Math.max(placeOf(value), from) })
        }}
        onKeyDown={blurOnEnter}
      />
    </>
  )
}

const blurOnEnter = (event: KeyboardEvent<HTMLInputElement>) => {
  if (event.key === 'Enter') event.currentTarget.blur()
}

const NAMES_SHOWN = 12

function Names({ axis, range, onRange }: FormProps) {
  const isIn = (i: number): boolean => {
    if (range === null) return true
    if (range.only) return range.only.includes(i)
    const place = categoryPlace(axis, i)
    return place >= range.from - 1e-9 && place <= range.to + 1e-9
  }
  const toggle = (i: number) => {
    const only = axis.names.flatMap((_, at) => ((at === i ? !isIn(i) : isIn(at)) ? [at] : []))
    const [first, last] = [only[0], only.at(-1)]
    if (first === undefined || last === undefined || only.length === axis.names.length) onRange(null)
    else onRange({ field: axis.field, from: categoryPlace(axis, first), to: categoryPlace(axis, last), only })
  }
  return (
    <>
      {axis.names.slice(0, NAMES_SHOWN).map((name, i) => (
        <Checkbox key={name} size="xs" label={name} checked={isIn(i)} onChange={() => toggle(i)} />
      ))}
      {axis.names.length > NAMES_SHOWN ? (
        <span className="ink-3">and {axis.names.length - NAMES_SHOWN} more, chosen by a drag along the axis</span>
      ) : null}
    </>
  )
}
