/** Colours and marks of what panels draw. Marks are the second channel: nothing is told by colour alone. */
import type { CategoryColumn, NumberColumn } from '#src/core/panels/column.ts'
import { spansDecades } from '#src/core/panels/column.ts'
import { type ColouredBy, lookOfRun, type RunLook, valueLook } from '#src/ui/charts/run-colour.ts'
import type { PanelRun } from './panel-values.ts'

/** Forms of dots: circle, square, triangle, diamond. */
export const DOT_SHAPES = ['circle', 'square', 'triangle', 'diamond'] as const
export type DotShape = (typeof DOT_SHAPES)[number]

export interface DotLook {
  /** A CSS colour for both themes. */
  colour: string
  shape: DotShape
}

/** Dashes tell lines of one colour apart; dots are told apart by their form, one for each pattern. */
export function dotLook({ colour, dash }: RunLook): DotLook {
  const shape = dash.length === 0 ? 'circle' : dash.length === 4 ? 'diamond' : dash[0] === 6 ? 'square' : 'triangle'
  return { colour, shape }
}

/** The dot of a run. */
export const runDot = (run: PanelRun & { groupKey: string | null }, by: ColouredBy): DotLook =>
  dotLook(lookOfRun(run, by))

/** The dot of a value: told by its text alone, so that it is the same in every panel. Forms follow the order, since two colours may meet. */
export const categoryDot = ({ names }: CategoryColumn, at: number | null): DotLook =>
  at === null
    ? { colour: 'var(--text-3)', shape: 'circle' }
    : { colour: valueLook(names[at] ?? null).colour, shape: DOT_SHAPES[at % DOT_SHAPES.length] ?? 'circle' }

/**
 * Cividis in ten steps (Nuñez, Anderton and Renslow, 2018). Each theme takes the six that stand out 3:1 from its page: the same order,
 * from dark and blue to light and yellow.
 */
const CIVIDIS = [
  ...['#00224e', '#123570', '#3b496c', '#575d6d', '#707173'],
  ...['#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'],
] as const
export const RAMP_STEPS = 6

/** The colours of numbers, the least first, as CSS colours for both themes. */
export const RAMP: readonly string[] = Array.from(
  { length: RAMP_STEPS },
  (_, i) => `light-dark(${CIVIDIS[i]}, ${CIVIDIS[i + CIVIDIS.length - RAMP_STEPS]})`,
)

/** The step of each value on the ramp, null where there is none; a lone value has the first. */
export function rampSteps(column: NumberColumn): (number | null)[] {
  const isLog = spansDecades(column)
  const on = (value: number) => (isLog ? Math.log10(value) : value)
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of column.values) {
    if (value === null) continue
    low = Math.min(low, on(value))
    high = Math.max(high, on(value))
  }
  return column.values.map((value) =>
    value === null ? null : Math.min(RAMP_STEPS - 1, Math.floor(((on(value) - low) / (high - low || 1)) * RAMP_STEPS)),
  )
}
