/** Once per answer: all that stays the same when the range in view does not. */
import { isRough, type Smoothing, smoothLine } from '#src/core/metrics/smooth-line.ts'
import type { ChartData } from '#src/protocol/chart-body.ts'
import { decodedOf, membersOf, plainGroups } from './decode-lines.ts'
import { type RowForm, rowsOf } from './join-rows.ts'
import { plotBox } from './plot-box.ts'
import { type ChartChoices, type Decoded, FEW_LINES, type Rows, type ShapedLines } from './prepared-chart.ts'

/** Smooths lines by the pixels of the range that the answer was asked for, and joins their points. */
export function shapeLines(
  answer: ChartData,
  choices: Pick<ChartChoices, 'smoothing' | 'width' | 'height' | 'right' | 'group' | 'members'>,
): ShapedLines {
  const { smoothing, group = null } = choices
  const plain = group
    ? [...(choices.members ? membersOf(answer, group) : []), ...plainGroups(answer, group)]
    : answer.series.map(decodedOf)
  const isFew = plain.filter((line) => !line.isSuperseded && !line.isMember).length <= FEW_LINES
  const extent = extentOfX(plain)
  const { from, to } = answer
  const asked = from === null || to === null ? extent[1] - extent[0] : to - from
  const pixel = asked / plotBox(choices.width, choices.height, choices.right).width
  const lines = plain.map((line) => smoothedLine(line, smoothing, pixel))
  const rows = new Map<string, readonly Rows[]>()
  return {
    answer,
    group,
    lines,
    extent,
    rows(isLog, isLogX) {
      const key = `${isLog} ${isLogX}`
      const made = rows.get(key) ?? lines.map((line) => heldRows(line, { isLog, isLogX, isFew }, answer))
      rows.set(key, made)
      return made
    },
  }
}

/** A line is smoothed and joined once, however often the runs beside it come and go. */
const smoothedLines = new WeakMap<Decoded, { key: string; line: Decoded }>()
const rowsOfLines = new WeakMap<Decoded, Map<string, Rows>>()

function smoothedLine(line: Decoded, smoothing: Smoothing | null, pixel: number): Decoded {
  const key = smoothing ? `${smoothing.kind} ${smoothing.amount} ${pixel}` : ''
  const held = smoothedLines.get(line)
  if (held?.key === key) return held.line
  const made = { ...line, data: { ...line.data, smoothed: smoothed(line, smoothing, pixel) } }
  smoothedLines.set(line, { key, line: made })
  return made
}

function heldRows(line: Decoded, form: RowForm, answer: ChartData): Rows {
  const held = rowsOfLines.get(line) ?? new Map<string, Rows>()
  rowsOfLines.set(line, held)
  const key = `${form.isLog} ${form.isLogX} ${form.isFew} ${answer.grid?.dx} ${answer.px}`
  const rows = held.get(key) ?? rowsOf(line, form, answer)
  held.set(key, rows)
  return rows
}

/** A line that gains by it, smoothed, unless the answer brought it smoothed. */
function smoothed({ data, isSuperseded }: Decoded, smoothing: Smoothing | null, pixel: number): Float64Array | null {
  if (!smoothing || smoothing.amount === 0 || isSuperseded || !isRough(data.y)) return null
  return data.smoothed ?? smoothLine(data.x, data.y, smoothing, pixel)
}

function extentOfX(decoded: readonly Decoded[]): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const reach = (x: number | undefined) => {
    if (x === undefined) return
    from = Math.min(from, x)
    to = Math.max(to, x)
  }
  for (const { nonFinite, data } of decoded) {
    reach(data.x[0])
    reach(data.x.at(-1))
    for (const mark of nonFinite) reach(mark.x)
  }
  return from <= to ? [from, to] : [0, 1]
}
