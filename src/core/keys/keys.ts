/**
 * Every key of the product, once: the list that `?` opens is made of it, the keys that pages bind by name are read from it, and a house
 * test finds each in the file that binds it.
 */

import { type KeyName, NAMED_KEYS } from './named-keys.ts'

/** One way to press something: keys held together. `mod` is Ctrl, on a Mac Command. */
export type Chord = readonly string[]

export interface KeyLine {
  /** Any of these. */
  chords: readonly Chord[]
  /** What happens, as a sentence without its subject. */
  does: string
  /** Where it is bound, and how it is spelled there. */
  bound: { file: string; as: readonly string[] }
}

export interface KeyGroup {
  title: string
  /** Where these keys act; null: everywhere. */
  where: string | null
  lines: readonly KeyLine[]
}

const GRID = 'src/ui/run-table/grid-keys.ts'
const PLOT = 'src/ui/charts/plot-surface.tsx'
const FULL = 'src/ui/workspace/full-chart.tsx'
const PALETTE = 'src/ui/search/palette.tsx'
const FIELD = 'src/ui/search/search-field.tsx'

const named = (name: KeyName, does: string, file: string): KeyLine => ({
  chords: [[NAMED_KEYS[name]]],
  does,
  bound: { file, as: [`'${name}'`] },
})

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    where: null,
    lines: [
      {
        chords: [['mod', 'K']],
        does: 'Search everything, or jump to it',
        bound: { file: 'src/ui/search/palette-button.tsx', as: ["'k'"] },
      },
      { chords: [['/']], does: 'Go to the search of the page', bound: { file: FIELD, as: ["'/'"] } },
      {
        chords: [['mod', 'Z']],
        does: 'Undo the last change of the view',
        bound: { file: 'src/ui/view-state/page-history.ts', as: ["'z'"] },
      },
      {
        chords: [
          ['mod', 'Shift', 'Z'],
          ['Ctrl', 'Y'],
        ],
        does: 'Do it again',
        bound: { file: 'src/ui/view-state/page-history.ts', as: ["'z'", "'y'"] },
      },
      named('list-of-keys', 'Open this list', 'src/ui/keys/key-list.tsx'),
      {
        chords: [['Esc']],
        does: 'Close the top layer; the focus goes back to what opened it',
        bound: { file: 'src/ui/keys/key-dialog.tsx', as: ['Modal'] },
      },
    ],
  },
  {
    title: 'Table of runs',
    where: 'in the table; J and K also where nothing has the focus',
    lines: [
      { chords: [['J'], ['↓']], does: 'Next row', bound: { file: GRID, as: ["'j'", "'ArrowDown'"] } },
      { chords: [['K'], ['↑']], does: 'Row before', bound: { file: GRID, as: ["'k'", "'ArrowUp'"] } },
      {
        chords: [['←'], ['→']],
        does: 'Column before, next column',
        bound: { file: GRID, as: ["'ArrowLeft'", "'ArrowRight'"] },
      },
      {
        chords: [['Page down'], ['Page up']],
        does: 'One screen down, up',
        bound: { file: GRID, as: ["'PageDown'", "'PageUp'"] },
      },
      {
        chords: [
          ['mod', 'Home'],
          ['mod', 'End'],
        ],
        does: 'First row, last row',
        bound: { file: GRID, as: ["'Home'", "'End'"] },
      },
      { chords: [['X']], does: 'Select the row, or take it out of the selection', bound: { file: GRID, as: ["'x'"] } },
      {
        chords: [['Shift', 'X']],
        does: 'Select all from the last selected row to this one',
        bound: { file: GRID, as: ["'X'"] },
      },
      { chords: [['Enter']], does: 'Open the run, or fold a group', bound: { file: GRID, as: ["'Enter'"] } },
      { chords: [['mod', 'Enter']], does: 'Open the run in a tab of its own', bound: { file: GRID, as: ["'Enter'"] } },
    ],
  },
  {
    title: 'Chart',
    where: 'while a chart has the focus',
    lines: [
      {
        chords: [['←'], ['→']],
        does: 'Read the point before, the next one',
        bound: { file: PLOT, as: ["'ArrowLeft'", "'ArrowRight'"] },
      },
      {
        chords: [
          ['Shift', '←'],
          ['Shift', '→'],
        ],
        does: 'Ten points at once',
        bound: { file: PLOT, as: ['shift ? 10'] },
      },
      { chords: [['Home'], ['End']], does: 'First point, last point', bound: { file: PLOT, as: ["'Home'", "'End'"] } },
      { chords: [['+'], ['−']], does: 'Closer, wider', bound: { file: PLOT, as: ["'+'", "'-'"] } },
      {
        chords: [
          ['Shift', '↑'],
          ['Shift', '↓'],
        ],
        does: 'Closer, wider across the values',
        bound: { file: PLOT, as: ["'ArrowUp'", "'ArrowDown'"] },
      },
      { chords: [['0']], does: 'Back to the whole range', bound: { file: PLOT, as: ["'0'"] } },
      { chords: [['Esc']], does: 'Take the reading away', bound: { file: PLOT, as: ["'Escape'"] } },
      {
        chords: [['←'], ['→']],
        does: 'In full screen: chart before, next chart',
        bound: { file: FULL, as: ["'ArrowLeft'", "'ArrowRight'"] },
      },
    ],
  },
  {
    title: 'Search',
    where: 'in the search field, and in the search over everything',
    lines: [
      {
        chords: [['↓'], ['↑']],
        does: 'Walk over what is offered',
        bound: { file: FIELD, as: ["'ArrowDown'", "'ArrowUp'"] },
      },
      {
        chords: [['Tab']],
        does: 'Take what is offered; over everything: next group',
        bound: { file: FIELD, as: ["'Tab'"] },
      },
      { chords: [['Enter']], does: 'Search; over everything: open', bound: { file: PALETTE, as: ["'Enter'"] } },
      {
        chords: [['mod', 'Enter']],
        does: 'Over everything: set it beside its parent',
        bound: { file: PALETTE, as: ["'Enter'", 'ctrlKey', 'besideParent'] },
      },
      {
        chords: [['Alt', 'Enter']],
        does: 'Over everything: show only this in the charts',
        bound: { file: PALETTE, as: ["'Enter'", 'altKey', 'inCharts'] },
      },
      {
        chords: [['Backspace']],
        does: 'Over everything, with nothing typed: search all projects',
        bound: { file: PALETTE, as: ["'Backspace'"] },
      },
    ],
  },
  {
    title: 'Comparison',
    where: 'on the page of a comparison',
    lines: [
      named('next-difference', 'Next row that differs', 'src/app/[workspace]/compare/differences.tsx'),
      named('previous-difference', 'Row that differs before', 'src/app/[workspace]/compare/differences.tsx'),
    ],
  },
  {
    title: 'Items and console',
    where: 'beside the retention matrix, and in the console of a run',
    lines: [
      {
        chords: [['J'], ['K']],
        does: 'Next item that flipped, the one before',
        bound: { file: 'src/ui/matrix/flipped-items.tsx', as: ["'j'", "'k'"] },
      },
      {
        chords: [['Enter'], ['Shift', 'Enter']],
        does: 'In the search of the console: next hit, hit before',
        bound: { file: 'src/ui/console/console-view.tsx', as: ["'Enter'"] },
      },
    ],
  },
]

/** True for a key that is pressed alone and would write a character: people who speak to their computer turn these off. */
export const isSingleKey = (chord: Chord): boolean => {
  const letters = chord.filter((key) => key !== 'Shift')
  return letters.length === 1 && [...(letters[0] ?? '')].length === 1 && !/[←→↑↓]/.test(letters[0] ?? '')
}
