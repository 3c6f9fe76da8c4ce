'use client'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { EVAL_READINGS, type Field, fieldText, METRIC_READINGS, parseField } from '#src/core/search/field.ts'
import { MultiSelect } from '#src/ui/kit/multi-select.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { fieldName } from './field-format.ts'
import styles from './panels.module.css'
import type { PanelPlace } from './use-panel-values.ts'

const PAUSE_MS = 100
const OFFERED = 40

/** Fields that fit what was typed, the chosen ones always among them. */
function useFields(place: PanelPlace, typed: string, chosen: readonly string[]) {
  const trpc = useTRPC()
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS)
  const query = useQuery(
    trpc.search.keys.queryOptions(
      { ...place, text: asked, limit: OFFERED },
      { placeholderData: keepPreviousData, staleTime: 30_000 },
    ),
  )
  const fields = useMemo(() => {
    const own = parseField(typed.trim())
    const found = (query.data?.entries ?? []).map(({ field }) => field)
    const all = ['wrong' in own ? [] : [fieldText(own)], chosen, found].flat()
    return [...new Set(all)].filter((text) => !('wrong' in parseField(text)))
  }, [query.data, typed, chosen])
  return { fields, isFetching: query.isFetching }
}

const option = (field: string) => ({ value: field, label: fieldName(field) })

/** The server has searched: what it found is offered as it is. */
const asFound = <T,>({ options }: { options: T }): T => options

export interface FieldSelectProps {
  place: PanelPlace
  label: string
  value: string | null
  onChange: (field: string | null) => void
  /** Said where nothing is chosen. */
  placeholder?: string
  /** May be left empty. */
  clearable?: boolean
  error?: ReactNode
  autoFocus?: boolean
}

/** One field, found by its name in the catalogue; of metrics and evaluations also which reading of it. */
export function FieldSelect({
  place,
  label,
  value,
  onChange,
  placeholder,
  clearable,
  error,
  autoFocus,
}: FieldSelectProps) {
  const [typed, setTyped] = useState('')
  const chosen = useMemo(() => (value === null ? [] : [value]), [value])
  const isUntouched = value !== null && typed === fieldName(value)
  const { fields, isFetching } = useFields(place, isUntouched ? '' : typed, chosen)
  return (
    <div className={styles.fieldSelect}>
      <Select
        label={label}
        searchable
        data={fields.map(option)}
        filter={asFound}
        value={value}
        onChange={onChange}
        searchValue={typed}
        onSearchChange={setTyped}
        clearable={clearable ?? false}
        nothingFoundMessage={isFetching ? 'Searching' : 'No run has such a key'}
        comboboxProps={{ withinPortal: true }}
        {...(placeholder !== undefined && { placeholder })}
        {...(error !== undefined && { error })}
        {...(autoFocus && { 'data-autofocus': true })}
      />
      <Reading field={value} onChange={onChange} of={label} />
    </div>
  )
}

const READING_WORDS: Readonly<Record<string, string>> = {
  last: 'last value',
  best: 'best value',
  min: 'least value',
  max: 'greatest value',
  first: 'first value',
  count: 'number of points',
  checkpoint: 'at the last checkpoint',
  score: 'score',
  delta: 'change to its parent',
  state: 'verdict',
}

function Reading(props: { field: string | null; onChange: (field: string) => void; of: string }) {
  const field = props.field === null ? null : parseField(props.field)
  if (field === null || 'wrong' in field || (field.kind !== 'metric' && field.kind !== 'eval')) return null
  const readings: readonly string[] = field.kind === 'metric' ? [...METRIC_READINGS, 'checkpoint'] : EVAL_READINGS
  return (
    <Select
      aria-label={`${props.of}: which value`}
      allowDeselect={false}
      data={readings.map((reading) => ({ value: reading, label: READING_WORDS[reading] ?? reading }))}
      value={field.reading}
      onChange={(reading) => {
        if (reading !== null) props.onChange(fieldText({ ...field, reading } as Field))
      }}
    />
  )
}

/** Several fields in an order. */
export function FieldsSelect(props: {
  place: PanelPlace
  label: string
  value: readonly string[]
  onChange: (fields: string[]) => void
  most: number
  error?: ReactNode
  description?: string
  autoFocus?: boolean
}) {
  const { place, label, value, onChange, most, error, description, autoFocus } = props
  const [typed, setTyped] = useState('')
  const { fields, isFetching } = useFields(place, typed, value)
  return (
    <MultiSelect
      label={label}
      searchable
      hidePickedOptions
      maxValues={most}
      data={fields.map(option)}
      filter={asFound}
      value={[...value]}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={isFetching ? 'Searching' : 'No run has such a key'}
      comboboxProps={{ withinPortal: true }}
      {...(error !== undefined && { error })}
      {...(description !== undefined && { description })}
      {...(autoFocus && { 'data-autofocus': true })}
    />
  )
}
