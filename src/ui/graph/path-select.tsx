'use client'
import { Select } from '#src/ui/kit/select.tsx'

/** From so many ends on a name is quicker typed than found. */
const SEARCHED_FROM = 12

/** Chooses the stage at which a path of weights ends. */
export function PathSelect(props: {
  /** Number of the stage; null: none is chosen. */
  value: number | null
  ends: readonly { number: number; name: string }[]
  onChange: (leaf: number | null) => void
}) {
  const { value, ends, onChange } = props
  return (
    <Select
      aria-label="Path to"
      w={168}
      value={value === null ? null : String(value)}
      searchable={ends.length > SEARCHED_FROM}
      data={ends.map(({ number, name }) => ({ value: String(number), label: `Path to ${name}` }))}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
    />
  )
}
