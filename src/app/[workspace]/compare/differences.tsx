'use client'
import { ActionIcon } from '@mantine/core'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { useKey } from '#src/ui/keys/use-key.ts'
import { Tooltip } from '#src/ui/kit/tooltip.tsx'
import styles from './compare.module.css'

/** Walks over the rows that differ, whatever part they stand in; the row reached is outlined and read out. */
export function DifferenceSteps({ table }: { table: RefObject<HTMLElement | null> }) {
  const [at, setAt] = useState<{ place: number; of: number } | null>(null)
  const go = (by: 1 | -1) => {
    const rows = [...(table.current?.querySelectorAll<HTMLElement>('tr[data-difference]') ?? [])]
    if (rows.length === 0) return setAt({ place: 0, of: 0 })
    const now = rows.findIndex((row) => row.dataset.current !== undefined)
    const to = now < 0 ? (by === 1 ? 0 : rows.length - 1) : (now + by + rows.length) % rows.length
    for (const row of rows) delete row.dataset.current
    const row = rows[to] as HTMLElement
    row.dataset.current = ''
    row.tabIndex = -1
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'center' })
    setAt({ place: to + 1, of: rows.length })
  }
  useKey('next-difference', () => go(1))
  useKey('previous-difference', () => go(-1))
  return (
    <span className={styles.steps}>
      <Tooltip label="Previous difference (p)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Previous difference"
          aria-keyshortcuts="p"
          onClick={() => go(-1)}
        >
          <ChevronUp size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Next difference (n)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Next difference"
          aria-keyshortcuts="n"
          onClick={() => go(1)}
        >
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <span className="ink-3" aria-live="polite">
        {at === null ? '' : at.of === 0 ? 'Nothing differs' : `${at.place} of ${at.of}`}
      </span>
    </span>
  )
}
