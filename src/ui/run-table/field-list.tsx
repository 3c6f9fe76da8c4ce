'use client'
import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Check, Plus, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { formatCount } from '#src/core/format/count.ts'
import { formatValue } from '#src/core/format/number.ts'
import { fieldText, PLAIN_FIELDS, parseField } from '#src/core/search/field.ts'
import { Problem } from '#src/ui/kit/problem.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { columnLook } from './column-look.ts'
import styles from './field-list.module.css'

/** Typing rests so long before the catalogue is asked, ms. */
const PAUSE_MS = 80
const LINES = 40

interface Line {
  field: string
  /** What its values are: a range, the most common ones. */
  values: string
  bars: readonly number[]
  /** Null: every run has it. */
  runs: number | null
}

/** Fields that runs have, searched by name in the catalogue of keys; pressed, one is chosen or let go. */
export function FieldList(props: {
  workspace: string
  project: string
  label: string
  /** Fields that are chosen already. */
  chosen: readonly string[]
  onPick: (field: string) => void
}) {
  const { workspace, project, label, chosen, onPick } = props
  const trpc = useTRPC()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), PAUSE_MS)
  const keys = useQuery({
    ...trpc.search.keys.queryOptions({ workspace, project, text: asked, limit: LINES }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  const lines = useMemo(() => linesOf(asked, keys.data?.entries ?? []), [asked, keys.data])
  return (
    <div className={styles.list}>
      <TextInput
        aria-label={label}
        placeholder="Search keys: loss, lr, mmlu"
        leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
        value={text}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = lines[0]
          if (event.key !== 'Enter' || !first) return
          event.preventDefault()
          onPick(first.field)
        }}
      />
      {keys.error ? <Problem what="The keys" error={keys.error} retry={() => void keys.refetch()} /> : null}
      <ul className={styles.lines} aria-label="Keys" aria-busy={keys.isFetching}>
        {lines.map((line) => (
          <FieldLine key={line.field} line={line} isChosen={chosen.includes(line.field)} onPick={onPick} />
        ))}
      </ul>
      {lines.length === 0 && !keys.isFetching ? (
        <p className={styles.none}>No key contains “{asked}”. A key appears once a run has logged it.</p>
      ) : null}
    </div>
  )
}

function FieldLine({ line, isChosen, onPick }: { line: Line; isChosen: boolean; onPick: (field: string) => void }) {
  const Icon = isChosen ? Check : Plus
  const most = Math.max(1, ...line.bars)
  return (
    <li>
      <button type="button" className={styles.line} aria-pressed={isChosen} onClick={() => onPick(line.field)}>
        <Icon size={14} strokeWidth={1.75} aria-hidden color={isChosen ? 'var(--accent)' : 'var(--text-3)'} />
        <span className={styles.field}>{line.field}</span>
        <span className={styles.bars} aria-hidden>
          {line.bars.map((bar, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            <i key={i} style={{ height: `${Math.max(bar > 0 ? 8 : 0, (100 * bar) / most)}%` }} />
          ))}
        </span>
        <span className={styles.values}>{line.values}</span>
        <span className={styles.runs}>{line.runs === null ? 'all' : formatCount(line.runs)}</span>
      </button>
    </li>
  )
}

type Entry = {
  field: string
  runs: number
  range: readonly number[] | null
  values: readonly unknown[]
  bars: readonly number[]
}

/** What was typed when it is a field by itself, then the catalogue, then fields that every run has. */
function linesOf(asked: string, entries: readonly Entry[]): Line[] {
  const found = entries
    .filter(({ field }) => field !== 'name')
    .map(({ field, runs, range, values, bars }) => {
      const [low, high] = range ?? []
      const words =
        low !== undefined && high !== undefined
          ? low === high
            ? formatValue(low)
            : `${formatValue(low)} – ${formatValue(high)}`
          : values.slice(0, 3).map(String).join(', ')
      return { field, runs, bars, values: words }
    })
  const known = new Set(found.map(({ field }) => field))
  const typed = parseField(asked)
  const own = 'wrong' in typed ? [] : [fieldText(typed)].filter((field) => !known.has(field) && typed.kind !== 'plain')
  const plain = PLAIN_FIELDS.filter((name) => name !== 'name' && !known.has(name)).filter(
    (name) => name.includes(asked.toLowerCase()) || columnLook(name)?.title.toLowerCase().includes(asked.toLowerCase()),
  )
  const bare = (field: string): Line => ({ field, values: '', bars: [], runs: null })
  return [
    ...own.map(bare),
    ...(asked === '' ? plain.map(bare) : []),
    ...found,
    ...(asked === '' ? [] : plain.map(bare)),
  ]
}
