'use client'
import { SegmentedControl } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { useEffect, useRef } from 'react'
import { later } from '#src/ui/kit/later.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import type { CostTabsProps } from './chosen-tab.tsx'
import styles from './cost.module.css'
import { ADDRESS, TABS, type Tab } from './cost-address.ts'

const ChosenTab = later(() => import('./chosen-tab.tsx').then((file) => file.ChosenTab), <LoadingRows />)

/** Begins to load the tables. */
export const preloadTables = ChosenTab.preload

const TAB_WORDS: Readonly<Record<Tab, string>> = {
  stages: 'Stages',
  hardware: 'Hardware',
  time: 'Over time',
  plan: 'Planned',
  bases: 'Bases',
  storage: 'Storage',
  entries: 'Other costs',
  kept: 'Kept totals',
}

/** The tables below the pictures, one at a time. */
export function CostTabs(props: CostTabsProps) {
  const [{ tab }, set] = useQueryStates(ADDRESS)
  const strip = useRef<HTMLDivElement>(null)
  // On a phone the strip is wider than the page: the chosen tab is brought into it.
  useEffect(() => {
    const chosen = strip.current?.querySelector<HTMLElement>(`input[value="${tab}"] + label`)
    if (strip.current && chosen) strip.current.scrollLeft = chosen.offsetLeft - strip.current.clientWidth / 3
  }, [tab])
  return (
    <>
      <div ref={strip} className={styles.tabs}>
        <SegmentedControl
          aria-label="Table"
          value={tab}
          onChange={(value) => void set({ tab: TABS.find((one) => one === value) ?? 'stages' })}
          data={TABS.map((value) => ({ value, label: TAB_WORDS[value] }))}
        />
      </div>
      <ChosenTab {...props} />
    </>
  )
}
