'use client'
import type { AutocompleteProps } from '@mantine/core'
import type { ComponentType } from 'react'
import { LaterInput } from './later-input.tsx'
import { loadPart } from './load-part.ts'

const part = loadPart(() =>
  import('./parts/autocomplete.ts').then((file) => file.Autocomplete as ComponentType<AutocompleteProps>),
)

/** A text that a list helps to type. */
export function Autocomplete(props: AutocompleteProps) {
  const { data, value = '', onChange, ...look } = props
  return (
    <LaterInput part={part} given={props} look={look} words={value} hasList {...(onChange && { onType: onChange })} />
  )
}
