'use client'
/** What an address carries of a matrix: which checkpoints, against what, in which order, and the cell that is open. */
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs'
import { FLIP_KINDS, MATRIX_SETS } from '#src/core/evaluations/matrix-kinds.ts'

export const GROUPINGS = ['category', 'role', 'none'] as const

const words = {
  set: parseAsStringLiteral(MATRIX_SETS),
  leaf: parseAsInteger,
  siblings: parseAsString,
  picked: parseAsArrayOf(parseAsString).withDefault([]),
  /** parent, root, best, or the id of a checkpoint. */
  baseline: parseAsString.withDefault('parent'),
  group: parseAsStringLiteral(GROUPINGS).withDefault('category'),
  /** worst, or the key of a column. */
  sort: parseAsString,
  certain: parseAsBoolean.withDefault(false),
  open: parseAsArrayOf(parseAsString).withDefault([]),
  /** Groups that stand as one row each. */
  fold: parseAsArrayOf(parseAsString).withDefault([]),
  /** checkpoint~variant~benchmark */
  cell: parseAsString,
  flip: parseAsStringLiteral(FLIP_KINDS),
  item: parseAsInteger.withDefault(0),
}

/** The words of an address that a matrix page knows. */
export const MATRIX_WORDS: readonly string[] = Object.keys(words)

/** The state of a matrix page in its address. Opening a cell or a view is a step back and forth; stepping through items is not. */
export const useMatrixState = () => useQueryStates(words, { history: 'replace' })
export type MatrixViewState = ReturnType<typeof useMatrixState>[0]

/** The place of a cell in an address. */
export const cellName = (checkpoint: string, variant: string, benchmark: string): string =>
  [checkpoint, variant, benchmark].join('~')

/** The cell that an address names; null for none or a broken one. */
export function readCellName(text: string | null): { checkpoint: string; variant: string; benchmark: string } | null {
  const parts = text?.split('~') ?? []
  const [checkpoint, benchmark] = [parts.at(0), parts.at(-1)]
  if (!checkpoint || !benchmark || parts.length < 3) return null
  return { checkpoint, variant: parts.slice(1, -1).join('~'), benchmark }
}
