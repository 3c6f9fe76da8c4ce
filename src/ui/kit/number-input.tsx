'use client'
import type { NumberInputProps } from '@mantine/core'
import type { ComponentType } from 'react'
import { LaterInput } from './later-input.tsx'
import { loadPart } from './load-part.ts'

const part = loadPart(() =>
  import('./parts/number-input.ts').then((file) => file.NumberInput as ComponentType<NumberInputProps>),
)

/** A number that is typed or stepped. */
export function NumberInput(props: NumberInputProps) {
  const { value, onChange, min, max, step, prefix = '', decimalScale, clampBehavior, hideControls, ...look } = props
  const onText = (text: string) => {
    const digits = text.replace(prefix, '').trim()
    if (digits === '') onChange?.('')
    else if (Number.isFinite(Number(digits))) onChange?.(Number(digits))
  }
  return (
    <LaterInput
      part={part}
      given={props}
      look={{ ...look, __staticSelector: 'NumberInput' }}
      words={value === undefined || value === '' ? '' : `${prefix}${value}`}
      onText={onText}
    />
  )
}
