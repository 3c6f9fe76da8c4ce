import type { Orientation } from '#src/core/metrics/orientation.ts'
import type { ChosenColumn } from './column-list.ts'
import { type ColumnLook, columnLook } from './column-look.ts'

/** A column as it is drawn. */
export interface GridColumn {
  look: ColumnLook
  /** In px: of lettering of 16 px, as it is kept, until `scaleColumns` makes it that of the screen. */
  width: number
  isPinned: boolean
}

/** The columns of a table: the name first, then what is pinned, then the rest, each with its look and width. */
export interface GridColumns {
  /** How many times larger than usual the lettering is for which the widths hold. */
  scale: number
  /** Width of the eye that shows or hides a run in charts, px; 0 where no charts stand beside the table. */
  eye: number
  name: GridColumn
  pinned: readonly GridColumn[]
  rest: readonly GridColumn[]
  /** All but the name, in the order of the screen. */
  all: readonly GridColumn[]
}

/** Columns before those that were chosen: the box that selects, the eye and the name. */
export const FIXED_COLUMNS = 3

/** In front of the name: the box that selects and the eye. */
export const SELECT_WIDTH = 34
const EYE_WIDTH = 28

/** With a baseline a cell has a second line, which needs more room. */
const DELTA_WIDTH_MIN = 112

/**
 * The columns that were chosen, as they are drawn.
 *
 * @param hasBaseline cells tell their change, too
 * @param better of fields whose direction is known from elsewhere than their name
 * @param hasCharts charts stand beside the table
 */
export function gridColumns(
  chosen: readonly ChosenColumn[],
  hasBaseline: boolean,
  better: ReadonlyMap<string, Orientation> = new Map(),
  hasCharts = true,
): GridColumns {
  const columns = chosen.flatMap(({ field, isPinned, width }): GridColumn[] => {
    const named = columnLook(field)
    if (named === null) return []
    const look = { ...named, orientation: better.get(named.text) ?? named.orientation }
    const tells = hasBaseline && look.align === 'right' && look.field.kind !== 'config'
    return [{ look, isPinned, width: width ?? (tells ? Math.max(DELTA_WIDTH_MIN, look.width) : look.width) }]
  })
  const isName = ({ look }: GridColumn) => look.text === 'name'
  const name = columns.find(isName) ?? nameColumn()
  const others = columns.filter((column) => !isName(column))
  const pinned = others.filter((column) => column.isPinned)
  const rest = others.filter((column) => !column.isPinned)
  return { scale: 1, eye: hasCharts ? EYE_WIDTH : 0, name, pinned, rest, all: [...pinned, ...rest] }
}

/**
 * The columns as wide as larger lettering needs them. What in front of the name holds icons stays: they do not grow. A width that is
 * chosen on the screen is divided by the scale before it is kept.
 */
export function scaleColumns(columns: GridColumns, scale: number): GridColumns {
  if (scale === columns.scale) return columns
  const grown = (column: GridColumn): GridColumn => ({ ...column, width: (column.width / columns.scale) * scale })
  const [pinned, rest] = [columns.pinned.map(grown), columns.rest.map(grown)]
  return { ...columns, scale, name: grown(columns.name), pinned, rest, all: [...pinned, ...rest] }
}

/** Names take the room that the other columns leave, up to this, px of lettering of 16 px; a width of their own is kept. */
const NAME_WIDTH_MAX = 340

/** @param room of all columns, without what stands before the name: px of lettering of 16 px */
export function withWideNames(columns: GridColumns, room: number): GridColumns {
  const { name } = columns
  if (name.width !== name.look.width) return columns
  const rest = room - widthOf(columns.all)
  const width = Math.min(NAME_WIDTH_MAX, Math.max(name.width, rest))
  return width === name.width ? columns : { ...columns, name: { ...name, width } }
}

/** How wide columns are side by side. */
export const widthOf = (columns: readonly GridColumn[]): number =>
  columns.reduce((width, column) => width + column.width, 0)

function nameColumn(): GridColumn {
  const look = columnLook('name')
  if (look === null) throw new Error('name is a field')
  return { look, width: look.width, isPinned: true }
}

/** The fields that the server is asked for: those of the columns, each once. */
export const askedFields = ({ all }: GridColumns): string[] => [...new Set(all.map(({ look }) => look.text))]
