/** What the triangle says: its sentence, its measures under a convention, its notes and its table. Pure. */
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { TableText } from '#src/core/publish/table.ts'
import type { Triangle, TriangleMeasure } from '#src/protocol/triangle.ts'

export const DENOMINATORS = ['before', 'all'] as const
export const WINDOWS = ['own', 'all', 'honest'] as const
export interface Convention {
  /** `before`: T − 1, the stages before the last; `all`: T. */
  over: (typeof DENOMINATORS)[number]
  /** The best model since the target's own stage, of all earlier ones, or chosen on half of the items. */
  window: (typeof WINDOWS)[number]
}

export interface MeasureRow {
  key: string
  name: string
  note: string
  measure: TriangleMeasure
  isChange: boolean
}

/** ACC, LA, BWT, F and FWT under a convention. */
export function measureRows({ measures }: Triangle, { over, window }: Convention): MeasureRow[] {
  const best = {
    own: over === 'all' ? measures.forgetting_over_t : measures.forgetting,
    all: measures.forgetting_over_all,
    honest: measures.forgetting_honest,
  }[window]
  const windowNote = {
    own: 'best stage since the target’s own, minus the last; positive was lost',
    all: 'best of all earlier models, minus the last; positive was lost',
    honest: 'best ancestor chosen on half of the items, its loss measured on the other; positive was lost',
  }[window]
  return [
    {
      key: 'ACC',
      name: 'Final accuracy',
      note: 'all targets at the last stage',
      measure: measures.final_accuracy,
      isChange: false,
    },
    {
      key: 'LA',
      name: 'Learning accuracy',
      note: 'each target after its own stage',
      measure: measures.learning_accuracy,
      isChange: false,
    },
    {
      key: 'BWT',
      name: 'Backward transfer',
      note: 'from its own stage to the last; negative was lost',
      measure: over === 'all' ? measures.backward_transfer_over_t : measures.backward_transfer,
      isChange: true,
    },
    {
      key: 'F',
      name: window === 'honest' ? 'Forgetting, honest' : 'Forgetting',
      note: windowNote,
      measure: best,
      isChange: false,
    },
    {
      key: 'FWT',
      name: 'Forward transfer',
      note: 'before its stage, over chance',
      measure: measures.forward_transfer,
      isChange: true,
    },
  ]
}

/** "−9.0"; "not defined" where it is not. */
export function valueWords({ measure, isChange }: MeasureRow): string {
  if (measure.of === null) return 'not defined'
  return (isChange ? formatChange : formatNumber)(measure.of.value, 1)
}

/** "−12.1 to −5.9"; that there is none. */
export function intervalWords({ measure, isChange }: MeasureRow): string {
  const print = isChange ? formatChange : formatNumber
  const { low, high } = measure.of ?? { low: null, high: null }
  return low === null || high === null ? 'no interval' : `${print(low, 1)} to ${print(high, 1)}`
}

/** What a measure was divided by, or why it is not defined. */
export const overWords = ({ measure }: MeasureRow): string =>
  measure.of ? `÷ ${measure.of.over}` : (measure.reason ?? '')

/** "4 stages with a target: ACC 61.2, BWT −9.0 (÷ 3), F 9.0 (÷ 3)". */
export function sentenceOf(triangle: Triangle, rows: readonly MeasureRow[]): string {
  const T = triangle.stages.length
  const told = rows.flatMap((row) =>
    row.measure.of && ['ACC', 'BWT', 'F'].includes(row.key)
      ? [`${row.key} ${valueWords(row)}${row.key === 'ACC' ? '' : ` (${overWords(row)})`}`]
      : [],
  )
  const stages = `${T} ${T === 1 ? 'stage' : 'stages'} with a target`
  return told.length === 0 ? stages : `${stages}: ${told.join(', ')} points`
}

/** The name of the targets of a stage. */
export const targetName = ({ targets }: Triangle['stages'][number]): string =>
  targets.map(({ name }) => name).join(' + ')

/** The same for a narrow head: "Task accuracy +1". */
export const targetShort = ({ targets }: Triangle['stages'][number]): string =>
  `${targets[0]?.name ?? ''}${targets.length > 1 ? ` +${targets.length - 1}` : ''}`

/** How the numbers were made. */
export function notesOf(triangle: Triangle, { over, window }: Convention): string[] {
  return [
    'Points between chance and best; a stage with several targets counts their mean. A row is the model after a stage, a column what a stage aims at; on the diagonal the target was just trained.',
    `BWT and F are divided by ${over === 'all' ? 'T, as the code of the GEM paper does (a structural zero)' : 'T − 1'}${window === 'own' ? '' : '; F always by T − 1 here'}. ${
      window === 'own'
        ? 'F looks at the models since the target’s own stage.'
        : window === 'all'
          ? 'F looks at every earlier model, also those before the target was trained.'
          : 'Honest F is free of the luck of a maximum, and noisier.'
    }`,
    'Above the diagonal: before training. BWT has the interval of paired changes; the others have none.',
    ...(triangle.without.length === 0
      ? []
      : [
          `Without a row, since ${triangle.without.length === 1 ? 'it aims' : 'they aim'} at nothing new: ${triangle.without.join(', ')}.`,
        ]),
  ]
}

/** R as a table, with the measures below it. */
export function triangleTable(
  triangle: Triangle,
  rows: readonly MeasureRow[],
  convention: Convention,
  withUpper: boolean,
): TableText {
  const { stages, cells } = triangle
  return {
    title: 'Models on the targets of the stages',
    footRows: rows.length,
    notes: notesOf(triangle, convention),
    table: {
      columns: [
        { name: 'Model after', align: 'left' },
        ...stages.map((stage) => ({
          name: `${targetName(stage)} (${stage.experiment.name})`,
          align: 'right' as const,
        })),
      ],
      rows: [
        ...stages.map((stage, i) => [
          { text: stage.experiment.name },
          ...stages.map((_, j) => ({ text: cellWords(cells[i]?.[j], i, j, withUpper) })),
        ]),
        ...rows.map((row) => [
          { text: `${row.key}, ${row.name.toLowerCase()}` },
          ...stages.map((_, at) => ({ text: at === 0 ? wholeWords(row) : '' })),
        ]),
      ],
    },
  }
}

/** "−6.0 (÷ 3), 95 % −10.4 to −1.6". */
function wholeWords(row: MeasureRow): string {
  if (row.measure.of === null) return `not defined: ${overWords(row)}`
  const interval = intervalWords(row)
  return `${valueWords(row)} (${overWords(row)})${interval === 'no interval' ? '' : `, 95 % ${interval}`}`
}

function cellWords(
  cell: Triangle['cells'][number][number] | undefined,
  i: number,
  j: number,
  withUpper: boolean,
): string {
  const before = j > i
  if (before && !withUpper) return 'before training'
  if (!cell || cell.score === null) return 'not measured'
  return before ? `${formatNumber(cell.score, 1)}, before training` : formatNumber(cell.score, 1)
}
