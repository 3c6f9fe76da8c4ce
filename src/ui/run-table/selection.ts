import { readRunList, writeRunList } from '#src/core/runs/run-list.ts'

/**
 * Which runs are selected, by their numbers in the project, which never change. `all`: every run that matches the filter, but `except`;
 * it goes on to be true of runs that arrive later.
 */
export type Selection = { kind: 'some'; numbers: ReadonlySet<number> } | { kind: 'all'; except: ReadonlySet<number> }

export const NOTHING_SELECTED: Selection = { kind: 'some', numbers: new Set() }

/** A list longer than this is cut when it is read. */
const NUMBERS_MAX = 10_000

/** Reads `3,5-9`, or `all`, or `all-but-3,5`. */
export function readSelection(text: string): Selection {
  if (text === 'all') return { kind: 'all', except: new Set() }
  if (text.startsWith('all-but-')) return { kind: 'all', except: new Set(readNumbers(text.slice(8))) }
  return { kind: 'some', numbers: new Set(readNumbers(text)) }
}

/** The selection as a text; empty when nothing is selected. */
export function writeSelection(selection: Selection): string {
  if (selection.kind === 'some') return writeNumbers(selection.numbers)
  return selection.except.size === 0 ? 'all' : `all-but-${writeNumbers(selection.except)}`
}

/** Reads a list of runs such as `1-3,7`; what is no number is left out. */
export function readNumbers(text: string): number[] {
  const list = text === '' ? null : readRunList(text)
  if (!list || 'wrong' in list) return []
  const numbers = new Set<number>()
  for (const [from, to] of list.ranges)
    for (let number = from; number <= to && numbers.size < NUMBERS_MAX; number++) if (number > 0) numbers.add(number)
  return [...numbers].sort((a, b) => a - b)
}

/** A list of runs as a text, in ranges, ascending. */
export function writeNumbers(numbers: Iterable<number>): string {
  const sorted = [...numbers].sort((a, b) => a - b)
  return writeRunList(sorted, sorted.length)
}

/** Whether the run is selected. */
export const isSelected = (selection: Selection, number: number): boolean =>
  selection.kind === 'all' ? !selection.except.has(number) : selection.numbers.has(number)

/** How many are selected, of `matching` runs that match the filter. */
export const selectedCount = (selection: Selection, matching: number): number =>
  selection.kind === 'all' ? Math.max(0, matching - selection.except.size) : selection.numbers.size

/** With these runs selected, or not. */
export function select(selection: Selection, numbers: readonly number[], isOn: boolean): Selection {
  const stored = new Set(selection.kind === 'all' ? selection.except : selection.numbers)
  const isAdded = selection.kind === 'all' ? !isOn : isOn
  for (const number of numbers) {
    if (isAdded) stored.add(number)
    else stored.delete(number)
  }
  return selection.kind === 'all' ? { kind: 'all', except: stored } : { kind: 'some', numbers: stored }
}

/** With the run selected when it was not, and the reverse. */
export const toggleSelected = (selection: Selection, number: number): Selection =>
  select(selection, [number], !isSelected(selection, number))
