'use client'
import type { TagsInputProps } from '@mantine/core'
import { LaterInput } from './later-input.tsx'
import { loadPart } from './load-part.ts'

const part = loadPart(() => import('./parts/tags-input.ts').then((file) => file.TagsInput))

/** Words, one after another. */
export function TagsInput(props: TagsInputProps) {
  const { data, value = [], onChange, ...look } = props
  return (
    <LaterInput
      part={part}
      given={props}
      look={look}
      words={value.join(', ')}
      typing="adds"
      onAdd={(text) => {
        const words = text.split(',').map((word) => word.trim())
        onChange?.([...new Set([...value, ...words])].filter((word) => word !== ''))
      }}
    />
  )
}
