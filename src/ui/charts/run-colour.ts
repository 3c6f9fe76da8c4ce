import type { RunOrigin } from '#src/core/layouts/layout.ts'
import { MARKERS, type Marker } from './markers.ts'

/**
 * Colours of runs. Every two differ in lightness as well as in hue: they keep a distance of 15 (CIE76) to usual, protan, deutan and tritan
 * sight, and every line is 3:1 or better on the page of its theme (`src/ui/theme/palette.test.ts`).
 */
const PALETTE = [
  ['#1551c7', '#6096fb'],
  ['#a95011', '#fa9365'],
  ['#0fa48f', '#6bf2da'],
  ['#b3205f', '#ec5690'],
  ['#ae8702', '#e6c858'],
  ['#126029', '#4ea442'],
  ['#8e3ea7', '#b071ca'],
  ['#247a94', '#68c4e7'],
] as const

const DASHES = [[], [6, 3], [2, 2.5], [8, 3, 2, 3]] as const

/** A CSS colour for both themes, a dash pattern in px (empty: solid) and what marks the line; null: nothing. */
export interface RunLook {
  colour: string
  dash: readonly number[]
  marker: Marker | null
}

/** One more than there are dashes: together they tell twenty lines of one colour apart. */
const MARKED = [null, ...MARKERS] as const

/** The look of a run: a function of its number in the project, dashed and marked from the ninth on. The same for every viewer. */
export function runLook(number: number): RunLook {
  const index = Math.max(0, number - 1)
  const round = Math.floor(index / PALETTE.length)
  const [light, dark] = PALETTE[index % PALETTE.length] ?? PALETTE[0]
  return {
    colour: `light-dark(${light}, ${dark})`,
    dash: DASHES[round % DASHES.length] ?? [],
    marker: MARKED[round % MARKED.length] ?? null,
  }
}

/** What colours mean: each run its own, or what runs have in common. */
export const COLOURED_BY = ['run', 'stage', 'group'] as const
export type ColouredBy = (typeof COLOURED_BY)[number]

/**
 * The look of a run where colours mean `by`: its own, that of its stage, or that of the value of the key that runs are grouped by. The
 * same in table, chart and legend, and for every viewer; runs without the value are grey. Beside runs of other projects the colour stays,
 * and dash and mark tell the projects apart.
 */
export function lookOfRun(
  run: {
    number: number
    stage: { number: number }
    groupKey: string | null
    from?: Pick<RunOrigin, 'number' | 'place'>
  },
  by: ColouredBy,
): RunLook {
  if (by === 'group') return valueLook(run.groupKey)
  const number = by === 'stage' ? run.stage.number : (run.from?.number ?? run.number)
  return runLook(number + PALETTE.length * (run.from?.place ?? 0))
}

/** The look of a value, told by its text alone: what else is shown does not move it. Grey: there is none. */
export function valueLook(value: string | null): RunLook {
  if (value === null) return { colour: 'var(--text-3)', dash: [], marker: null }
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193) >>> 0
  return runLook(1 + (hash % (PALETTE.length * DASHES.length)))
}
