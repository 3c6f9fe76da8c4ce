import { type Orientation, orientationOf } from '#src/core/metrics/orientation.ts'
import { type Field, type FieldType, fieldText, fieldType, parseField } from '#src/core/search/field.ts'

/** How a column is headed and how its cells stand. */
export interface ColumnLook {
  /** The field as the grammar writes it. */
  text: string
  field: Field
  type: FieldType
  /** First line of the head: what it is. */
  title: string
  /** Second line: which reading of it; empty where that goes without saying. */
  note: string
  align: 'left' | 'right'
  /** Usual width, px. */
  width: number
  /** Which values are better; null where neither is. */
  orientation: Orientation | null
}

const PLAIN: Readonly<Record<string, { title: string; width: number; note?: string }>> = {
  name: { title: 'Run', width: 186 },
  number: { title: 'Number', width: 64 },
  state: { title: 'State', width: 98 },
  stage: { title: 'Stage', width: 48 },
  tag: { title: 'Tags', width: 130 },
  group: { title: 'Group', width: 104 },
  agent: { title: 'Agent', width: 72 },
  owner: { title: 'By', width: 104 },
  created: { title: 'Created', width: 62 },
  duration: { title: 'Duration', width: 82 },
  tokens: { title: 'Tokens', width: 62 },
  cost: { title: 'Cost', width: 84 },
}

const READING_WORDS = {
  last: 'last',
  best: 'best',
  min: 'min',
  max: 'max',
  first: 'first',
  count: 'points',
  checkpoint: 'at checkpoint',
} as const

const EVAL_WORDS = { score: 'score', delta: 'change to parent', state: 'verdict' } as const

/** Looks that were worked out once: a name says the same each time. */
const known = new Map<string, ColumnLook | null>()

/**
 * The look of a column by its field; null where the text is no field.
 *
 * @param lowerIsBetter of evaluations whose benchmark says so; without it more is better
 */
export function columnLook(text: string): ColumnLook | null {
  const found = known.get(text)
  if (found !== undefined) return found
  const field = parseField(text)
  const look = 'wrong' in field ? null : lookOf(field)
  known.set(text, look)
  return look
}

/** The looks of these texts; what is no field is left out. */
export const columnLooks = (texts: readonly string[]): ColumnLook[] => texts.flatMap((text) => columnLook(text) ?? [])

function lookOf(field: Field): ColumnLook {
  const type = fieldType(field)
  const base = { text: fieldText(field), field, type, orientation: null, note: '' }
  switch (field.kind) {
    case 'plain': {
      const { title = field.name, width = 100 } = PLAIN[field.name] ?? {}
      return { ...base, title, width, align: type === 'text' || type === 'moment' ? 'left' : 'right' }
    }
    case 'config':
      return { ...base, title: field.key, note: 'config', width: 96, align: 'right' }
    case 'metric': {
      const isCount = field.reading === 'count'
      return {
        ...base,
        title: field.key,
        note: READING_WORDS[field.reading],
        width: 72,
        align: 'right',
        orientation: isCount ? null : orientationOf(field.key),
      }
    }
    case 'eval':
      return {
        ...base,
        title: field.benchmark,
        note: EVAL_WORDS[field.reading],
        width: 96,
        align: field.reading === 'state' ? 'left' : 'right',
        // Scores of losses carry their name; all others are better when they are higher. A change is told as utility already.
        orientation: field.reading === 'state' ? null : (orientationOf(field.benchmark) ?? 'higher'),
      }
  }
}

/** Which direction a first press on the head sorts in: the better end first, else the smaller. */
export const firstDirection = ({ field, orientation }: ColumnLook): 'asc' | 'desc' =>
  orientation === 'higher' || (field.kind === 'plain' && (field.name === 'created' || field.name === 'number'))
    ? 'desc'
    : 'asc'

/** The head in one line, as copies and screen readers have it: `loss (min)`. */
export const columnWords = ({ title, note }: Pick<ColumnLook, 'title' | 'note'>): string =>
  note === '' ? title : `${title} (${note})`
