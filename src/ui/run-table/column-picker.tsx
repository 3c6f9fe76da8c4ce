'use client'
import { ActionIcon, Button } from '@mantine/core'
import { ArrowDown, ArrowUp, Columns3, Pin, PinOff, X } from 'lucide-react'
import { fieldText, METRIC_READINGS, type MetricReading } from '#src/core/search/field.ts'
import { Popover } from '#src/ui/kit/popover.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { type ChosenColumn, changeColumn, moveColumn, toggleColumn } from './column-list.ts'
import { columnLook, columnWords } from './column-look.ts'
import styles from './field-list.module.css'
import { FieldList } from './field-list.tsx'

/** Chooses the columns of a table: searched in the catalogue, put in order, kept in sight, left out; nothing needs dragging. */
export function ColumnPicker(props: {
  workspace: string
  project: string
  columns: readonly ChosenColumn[]
  onColumns: (columns: readonly ChosenColumn[] | null, label: string) => void
  /** On a phone the parts stand in a sheet of their own. */
  isBare?: boolean
}) {
  const { columns } = props
  const count = columns.filter(({ field }) => field !== 'name').length
  if (props.isBare) return <Parts {...props} />
  return (
    <Popover position="bottom-start" width={480} trapFocus returnFocus>
      <Popover.Target>
        <Button size="compact-sm" leftSection={<Columns3 size={14} strokeWidth={1.75} aria-hidden />}>
          Columns {count}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Parts {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Parts({ workspace, project, columns, onColumns }: Parameters<typeof ColumnPicker>[0]) {
  const shown = columns.filter(({ field }) => field !== 'name')
  return (
    <>
      <FieldList
        workspace={workspace}
        project={project}
        label="Search for a column"
        chosen={columns.map(({ field }) => field)}
        onPick={(field) => onColumns(toggleColumn(columns, field), 'columns')}
      />
      <p className={styles.caption}>Shown, in this order</p>
      <ul className={styles.lines} aria-label="Shown columns">
        {shown.map((column) => (
          <Shown key={column.field} column={column} columns={columns} onColumns={onColumns} />
        ))}
      </ul>
      <Button size="compact-xs" mt={8} onClick={() => onColumns(null, 'columns')}>
        Usual columns
      </Button>
    </>
  )
}

function Shown(props: {
  column: ChosenColumn
  columns: readonly ChosenColumn[]
  onColumns: (columns: readonly ChosenColumn[], label: string) => void
}) {
  const { column, columns, onColumns } = props
  const look = columnLook(column.field)
  if (look === null) return null
  const { field } = look
  const name = columnWords(look)
  const icon = { size: 14, strokeWidth: 1.75, 'aria-hidden': true } as const
  const button = { variant: 'subtle', color: 'gray', size: 24 } as const
  return (
    <li className={styles.shown}>
      <span className={styles.field} title={column.field}>
        {look.title}
        {field.kind !== 'metric' && look.note !== '' ? <span className="ink-3"> {look.note}</span> : null}
      </span>
      {field.kind === 'metric' ? (
        <Select
          aria-label={`Which value of ${field.key}`}
          size="xs"
          w={124}
          comboboxProps={{ withinPortal: false }}
          allowDeselect={false}
          value={field.reading}
          data={[...METRIC_READINGS, 'checkpoint' as const].map((reading) => ({
            value: reading,
            label: columnLook(fieldText({ ...field, reading }))?.note ?? reading,
          }))}
          onChange={(reading) => {
            if (reading === null) return
            const other = fieldText({ ...field, reading: reading as MetricReading })
            if (columns.some((one) => one.field === other)) return
            onColumns(
              columns.map((one) => (one === column ? { ...one, field: other } : one)),
              `which value of ${field.key}`,
            )
          }}
        />
      ) : null}
      <ActionIcon
        {...button}
        aria-label={column.isPinned ? `Let ${name} scroll` : `Keep ${name} in sight`}
        aria-pressed={column.isPinned}
        onClick={() => onColumns(changeColumn(columns, column.field, { isPinned: !column.isPinned }), 'pin')}
      >
        {column.isPinned ? <PinOff {...icon} /> : <Pin {...icon} />}
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Move ${name} up`}
        onClick={() => onColumns(moveColumn(columns, column.field, -1), 'order of columns')}
      >
        <ArrowUp {...icon} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Move ${name} down`}
        onClick={() => onColumns(moveColumn(columns, column.field, 1), 'order of columns')}
      >
        <ArrowDown {...icon} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Leave ${name} out`}
        onClick={() => onColumns(toggleColumn(columns, column.field), 'columns')}
      >
        <X {...icon} />
      </ActionIcon>
    </li>
  )
}
