'use client'
import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ChevronsLeftRight,
  ChevronsRightLeft,
  EyeOff,
  Layers,
  Pin,
  PinOff,
} from 'lucide-react'
import { fieldText, METRIC_READINGS } from '#src/core/search/field.ts'
import { Menu } from '#src/ui/kit/menu.tsx'
import { COLUMN_WIDTH_STEP } from './column-list.ts'
import { columnLook, columnWords } from './column-look.ts'
import type { GridColumn } from './grid-columns.ts'
import styles from './run-table.module.css'
import type { SortKey } from './sort-list.ts'

export interface HeadMenuPlace {
  column: GridColumn
  at: { left: number; top: number; width: number; height: number }
}

export interface ColumnActions {
  sortBy: (key: SortKey) => void
  unsort: (field: string) => void
  pin: (field: string, isPinned: boolean) => void
  move: (field: string, places: number) => void
  resize: (field: string, width: number, isFinal: boolean) => void
  leaveOut: (field: string) => void
  replace: (field: string, other: string) => void
  group: (field: string, isGrouped: boolean) => void
}

/** What a metric's column can show instead. */
const READINGS = [...METRIC_READINGS, 'checkpoint'] as const

/** The menu of a head: all that can be done with the column without dragging. */
export function HeadMenu(props: {
  place: HeadMenuPlace | null
  onClose: () => void
  sort: readonly SortKey[]
  group: readonly string[]
  actions: ColumnActions
}) {
  const { place, onClose, actions } = props
  if (place === null) return null
  const { column, at } = place
  const { look } = column
  const isName = look.text === 'name'
  const isGrouped = props.group.includes(look.text)
  const isSorted = props.sort.some((key) => key.field === look.text)
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  const { field } = look
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={230} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button
          type="button"
          className={styles.menuPlace}
          style={at}
          tabIndex={-1}
          aria-label={`Menu of the column ${columnWords(look)}`}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{columnWords(look)}</Menu.Label>
        <Menu.Item
          leftSection={<ArrowUp {...icon} />}
          onClick={() => actions.sortBy({ field: look.text, direction: 'asc' })}
        >
          Sort ascending
        </Menu.Item>
        <Menu.Item
          leftSection={<ArrowDown {...icon} />}
          onClick={() => actions.sortBy({ field: look.text, direction: 'desc' })}
        >
          Sort descending
        </Menu.Item>
        {isSorted ? <Menu.Item onClick={() => actions.unsort(look.text)}>Do not sort by it</Menu.Item> : null}
        {isName ? null : (
          <Menu.Item leftSection={<Layers {...icon} />} onClick={() => actions.group(look.text, !isGrouped)}>
            {isGrouped ? 'Do not group by it' : 'Group by it'}
          </Menu.Item>
        )}
        <Menu.Divider />
        {isName ? null : (
          <>
            <Menu.Item
              leftSection={column.isPinned ? <PinOff {...icon} /> : <Pin {...icon} />}
              onClick={() => actions.pin(look.text, !column.isPinned)}
            >
              {column.isPinned ? 'Let it scroll' : 'Keep in sight'}
            </Menu.Item>
            <Menu.Item
              leftSection={<ArrowLeft {...icon} />}
              closeMenuOnClick={false}
              onClick={() => actions.move(look.text, -1)}
            >
              Move left
            </Menu.Item>
            <Menu.Item
              leftSection={<ArrowRight {...icon} />}
              closeMenuOnClick={false}
              onClick={() => actions.move(look.text, 1)}
            >
              Move right
            </Menu.Item>
          </>
        )}
        <Menu.Item
          leftSection={<ChevronsLeftRight {...icon} />}
          closeMenuOnClick={false}
          onClick={() => actions.resize(look.text, column.width + COLUMN_WIDTH_STEP, true)}
        >
          Wider
        </Menu.Item>
        <Menu.Item
          leftSection={<ChevronsRightLeft {...icon} />}
          closeMenuOnClick={false}
          onClick={() => actions.resize(look.text, column.width - COLUMN_WIDTH_STEP, true)}
        >
          Narrower
        </Menu.Item>
        {field.kind === 'metric' ? (
          <>
            <Menu.Divider />
            <Menu.Label>Show instead</Menu.Label>
            {READINGS.filter((reading) => reading !== field.reading).map((reading) => {
              const other = fieldText({ ...field, reading })
              return (
                <Menu.Item key={reading} onClick={() => actions.replace(look.text, other)}>
                  {columnLook(other)?.note}
                </Menu.Item>
              )
            })}
          </>
        ) : null}
        {isName ? null : (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<EyeOff {...icon} />} onClick={() => actions.leaveOut(look.text)}>
              Leave the column out
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
