'use client'
import type { SelectProps } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'
import { preloadFloats, useFloatsIfThere, useOpenFloats } from './floats.ts'
import { Chevron, LaterInput } from './later-input.tsx'

const part = {
  preload: preloadFloats,
  use: useOpenFloats,
  useIfThere: () => (useFloatsIfThere()?.Select ?? null) as ComponentType<SelectProps> | null,
}

/** One of a list, searched where the list is long. The field is there at once, the list with what floats. */
export function Select<V extends string = string>(props: SelectProps<V>): ReactNode {
  const given = props as unknown as SelectProps
  return (
    <LaterInput
      part={part}
      given={given}
      look={lookOf(given)}
      words={wordsOf(given)}
      hasList
      typing={given.searchable ? 'changes' : 'none'}
    />
  )
}

function lookOf(props: SelectProps) {
  const {
    data,
    value,
    defaultValue,
    onChange,
    searchable,
    clearable,
    allowDeselect,
    limit,
    filter,
    comboboxProps,
    nothingFoundMessage,
    onDropdownOpen,
    onSearchChange,
    searchValue,
    ...look
  } = props
  return {
    rightSection: <Chevron />,
    rightSectionPointerEvents: 'none' as const,
    pointer: !searchable,
    ...look,
    __staticSelector: 'Select',
  }
}

/** The words of its value. */
function wordsOf({ data = [], value = null }: SelectProps): string {
  if (value === null) return ''
  const options = data.flatMap((entry) => (typeof entry === 'object' && 'items' in entry ? entry.items : [entry]))
  for (const option of options) {
    if (typeof option !== 'object') {
      if (option === value) return option
    } else if (option.value === value) return 'label' in option ? String(option.label) : option.value
  }
  return ''
}
