'use client'
import { ActionIcon, Button } from '@mantine/core'
import { ArrowDown, ArrowUp, type LucideIcon, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Popover } from '#src/ui/kit/popover.tsx'
import { columnLook, columnWords, firstDirection } from './column-look.ts'
import styles from './field-list.module.css'
import { FieldList } from './field-list.tsx'
import type { SortKey } from './sort-list.ts'

interface Place {
  workspace: string
  project: string
}

/** The keys that rows are sorted by, the first one first. */
export function SortPicker(
  props: Place & {
    sort: readonly SortKey[]
    onSort: (sort: readonly SortKey[]) => void
    Icon: LucideIcon
    isBare?: boolean
  },
) {
  const { sort, onSort, Icon } = props
  const change = (field: string) => {
    const look = columnLook(field)
    if (sort.some((key) => key.field === field)) onSort(sort.filter((key) => key.field !== field))
    else if (look) onSort([...sort, { field, direction: firstDirection(look) }])
  }
  return (
    <Picker
      {...props}
      label="Sort"
      said={saidOf(
        sort.map(({ field }) => field),
        'newest',
      )}
      Icon={Icon}
      chosen={sort.map(({ field }) => field)}
      onPick={change}
    >
      {sort.map((key, i) => (
        <ListedKey
          key={key.field}
          field={key.field}
          onUp={i === 0 ? null : () => onSort(swapped(sort, i))}
          onOut={() => change(key.field)}
        >
          <Button
            size="compact-xs"
            onClick={() =>
              onSort(
                sort.map((one) =>
                  one === key ? { ...one, direction: one.direction === 'asc' ? 'desc' : 'asc' } : one,
                ),
              )
            }
          >
            {key.direction === 'asc' ? 'smallest first' : 'largest first'}
          </Button>
        </ListedKey>
      ))}
    </Picker>
  )
}

/** The keys that rows are grouped by, the outer one first. */
export function GroupPicker(
  props: Place & {
    group: readonly string[]
    onGroup: (group: readonly string[]) => void
    Icon: LucideIcon
    isBare?: boolean
  },
) {
  const { group, onGroup } = props
  const change = (field: string) =>
    onGroup(group.includes(field) ? group.filter((one) => one !== field) : [...group, field].slice(0, GROUP_KEYS_MAX))
  return (
    <Picker {...props} label="Group" said={saidOf(group, 'none')} chosen={group} onPick={change}>
      {group.map((field, i) => (
        <ListedKey
          key={field}
          field={field}
          onUp={i === 0 ? null : () => onGroup(swapped(group, i))}
          onOut={() => change(field)}
        />
      ))}
    </Picker>
  )
}

/** Groups nest so deep at most. */
const GROUP_KEYS_MAX = 4

function Picker(
  props: Place & {
    label: string
    said: string
    Icon: LucideIcon
    chosen: readonly string[]
    onPick: (field: string) => void
    isBare?: boolean
    children: ReactNode
  },
) {
  const { label, said, Icon, chosen } = props
  const parts = (
    <>
      {chosen.length > 0 ? (
        <>
          <p className={styles.caption}>{label === 'Sort' ? 'Sorted by' : 'Grouped by'}, the first one first</p>
          <ul aria-label={label === 'Sort' ? 'Keys of the order' : 'Keys of the groups'}>{props.children}</ul>
        </>
      ) : null}
      <FieldList
        workspace={props.workspace}
        project={props.project}
        label={`Search for a key to ${label.toLowerCase()} by`}
        chosen={chosen}
        onPick={props.onPick}
      />
    </>
  )
  if (props.isBare) return parts
  return (
    <Popover position="bottom-start" width={440} trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" leftSection={<Icon size={14} strokeWidth={1.75} aria-hidden />}>
          {label} <span className="ink-2">&nbsp;{said}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>{parts}</Popover.Dropdown>
    </Popover>
  )
}

function ListedKey(props: { field: string; onUp: (() => void) | null; onOut: () => void; children?: ReactNode }) {
  const look = columnLook(props.field)
  if (look === null) return null
  const name = columnWords(look)
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <li className={styles.shown}>
      <span className={styles.field}>{name}</span>
      {props.children}
      {props.onUp ? (
        <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Move ${name} up`} onClick={props.onUp}>
          <ArrowUp {...icon} />
        </ActionIcon>
      ) : (
        <ArrowDown {...icon} visibility="hidden" width={24} />
      )}
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Leave ${name} out`} onClick={props.onOut}>
        <X {...icon} />
      </ActionIcon>
    </li>
  )
}

/** With the one at `place` before the one above it. */
const swapped = <T,>(list: readonly T[], place: number): T[] => {
  const next = [...list]
  const [moved] = next.splice(place, 1)
  if (moved !== undefined) next.splice(place - 1, 0, moved)
  return next
}

const saidOf = (fields: readonly string[], none: string): string => {
  const [first] = fields
  if (first === undefined) return none
  const title = columnLook(first)?.title ?? first
  return fields.length === 1 ? title.toLowerCase() : `${title.toLowerCase()} +${fields.length - 1}`
}
