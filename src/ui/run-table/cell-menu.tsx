'use client'
import {
  Copy,
  ExternalLink,
  Eye,
  EyeOff,
  Filter,
  FilterX,
  Link as LinkIcon,
  Pin,
  PinOff,
  Scale,
  Square,
  SquareCheck,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { writeText } from '#src/ui/kit/copy-button.tsx'
import { Menu } from '#src/ui/kit/menu.tsx'
import { type CellValue, cellWords } from './cell-words.ts'
import { columnLook, columnWords } from './column-look.ts'
import styles from './run-table.module.css'
import { cellOf, type LoadedRow } from './table-row.ts'
import { filtersOf, type OfferedFilter } from './value-filter.ts'

/** The cell whose menu is open, as it was when it was opened. */
export interface MenuPlace {
  loaded: LoadedRow
  /** Null: of the run alone. */
  field: string | null
  at: { left: number; top: number; width: number; height: number }
}

export interface RunMenuActions {
  open: (loaded: LoadedRow, elsewhere: boolean) => void
  toggleSelected: (number: number) => void
  toggleHidden: (numbers: readonly number[]) => void
  showOnly: (number: number) => void
  togglePinned: (number: number) => void
  setBaseline: (number: number | null) => void
  filter: (filter: OfferedFilter, field: string) => void
}

/** The menu of a cell or of a run: filters from the value, then what can be done with the run. It stays where it was opened. */
export function CellMenu(props: {
  place: MenuPlace | null
  onClose: () => void
  address: (loaded: LoadedRow) => string
  currency: string
  isSelected: (number: number) => boolean
  isHidden: (number: number) => boolean
  isPinned: (number: number) => boolean
  baseline: number | null
  actions: RunMenuActions
  /** Charts stand beside the table. */
  hasCharts: boolean
  /** More that a screen can do with a run. */
  more?: (loaded: LoadedRow) => ReactNode
}) {
  const { place, onClose, actions } = props
  const [copied, setCopied] = useState<string | null>(null)
  if (place === null) return null
  const { loaded, field, at } = place
  const { row } = loaded
  const look = field === null ? null : columnLook(field)
  const value: CellValue = field === null ? null : (cellOf(loaded, field) ?? null)
  const words = look ? cellWords(look, value, props.currency) : null
  const filters = look ? filtersOf(look.field, value) : []
  const copy = (what: string, text: string) => {
    void writeText(text).then((done) => setCopied(done ? what : null))
  }
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={250} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button
          type="button"
          className={styles.menuPlace}
          style={at}
          tabIndex={-1}
          aria-label={`Menu of ${row.name}`}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {look && words ? (
          <>
            <Menu.Label>
              {columnWords(look)} {words.text === '' ? 'has no value' : words.text}
            </Menu.Label>
            {filters.map((filter) => (
              <Menu.Item
                key={filter.label}
                leftSection={filter.label.startsWith('Without') ? <FilterX {...icon} /> : <Filter {...icon} />}
                onClick={() => actions.filter(filter, look.text)}
              >
                {filter.label}
              </Menu.Item>
            ))}
            {words.text === '' ? null : (
              <Menu.Item
                leftSection={<Copy {...icon} />}
                closeMenuOnClick={false}
                onClick={() => copy('value', words.exact)}
              >
                <span aria-live="polite">{copied === 'value' ? 'Copied' : 'Copy the exact value'}</span>
              </Menu.Item>
            )}
            <Menu.Divider />
          </>
        ) : null}
        <Menu.Label>
          {row.name} #{row.number}
        </Menu.Label>
        <Menu.Item
          leftSection={<ExternalLink {...icon} />}
          rightSection={<Key>Enter</Key>}
          onClick={() => actions.open(loaded, false)}
        >
          Open
        </Menu.Item>
        <Menu.Item
          leftSection={props.isSelected(row.number) ? <Square {...icon} /> : <SquareCheck {...icon} />}
          rightSection={<Key>x</Key>}
          onClick={() => actions.toggleSelected(row.number)}
        >
          {props.isSelected(row.number) ? 'Take out of the selection' : 'Select'}
        </Menu.Item>
        {props.hasCharts ? (
          <>
            <Menu.Item
              leftSection={props.isHidden(row.number) ? <Eye {...icon} /> : <EyeOff {...icon} />}
              onClick={() => actions.toggleHidden([row.number])}
            >
              {props.isHidden(row.number) ? 'Show in charts' : 'Hide in charts'}
            </Menu.Item>
            <Menu.Item leftSection={<Eye {...icon} />} onClick={() => actions.showOnly(row.number)}>
              Show this one alone in charts
            </Menu.Item>
          </>
        ) : null}
        <Menu.Item
          leftSection={props.isPinned(row.number) ? <PinOff {...icon} /> : <Pin {...icon} />}
          onClick={() => actions.togglePinned(row.number)}
        >
          {props.isPinned(row.number) ? 'Take off the top' : 'Keep on top'}
        </Menu.Item>
        <Menu.Item
          leftSection={<Scale {...icon} />}
          onClick={() => actions.setBaseline(props.baseline === row.number ? null : row.number)}
        >
          {props.baseline === row.number ? 'No baseline' : 'Make it the baseline'}
        </Menu.Item>
        <Menu.Item
          leftSection={<LinkIcon {...icon} />}
          closeMenuOnClick={false}
          onClick={() => copy('link', props.address(loaded))}
        >
          <span aria-live="polite">{copied === 'link' ? 'Copied' : 'Copy link'}</span>
        </Menu.Item>
        {props.more?.(loaded)}
      </Menu.Dropdown>
    </Menu>
  )
}

const Key = ({ children }: { children: string }) => <kbd className="ink-3">{children}</kbd>
