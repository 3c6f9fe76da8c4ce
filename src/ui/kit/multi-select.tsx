'use client'
import type { MultiSelectProps } from '@mantine/core'
import type { ComponentType } from 'react'
import { LaterInput } from './later-input.tsx'
import { loadPart } from './load-part.ts'

const part = loadPart(() =>
  import('./parts/multi-select.ts').then((file) => file.MultiSelect as ComponentType<MultiSelectProps>),
)

/** Some of a list. */
export function MultiSelect(props: MultiSelectProps) {
  const { data, value = [], onChange, searchable, clearable, limit, ...look } = props
  return (
    <LaterInput
      part={part}
      given={props}
      look={look}
      words={value.join(', ')}
      hasList
      typing={searchable ? 'adds' : 'none'}
    />
  )
}
