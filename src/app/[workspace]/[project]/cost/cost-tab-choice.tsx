'use client'
import { SegmentedControl } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { useEffect, useRef } from 'react'
import type { TableText } from '#src/core/publish/table.ts'
import type { Bought } from '#src/protocol/bought.ts'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import type { UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import styles from './cost.module.css'
import { ADDRESS, TABS, type Tab } from './cost-address.ts'
import { BasesTab, HardwareTab, PlanTab, StagesTab, TimeTab } from './cost-tabs.tsx'
import { EntriesTab } from './entries-tab.tsx'
import { KeptTab } from './kept-tab.tsx'
import { StorageTab } from './storage-tab.tsx'

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

export interface CostTabsProps {
  workspace: string
  project: string
  whole: ProjectCost
  data: LineageCost
  bought: Bought | undefined
  choice: UnitChoice
  waterfall: Waterfall
  /** Of the stages, as it is copied. */
  table: TableText
  lit: string | null
  onLight: (key: string | null) => void
  mayWrite: boolean
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
      <Chosen {...props} />
    </>
  )
}

function Chosen({ lit, onLight, waterfall, table, bought, ...props }: CostTabsProps) {
  const [{ tab }] = useQueryStates(ADDRESS)
  const { workspace, project, whole, choice } = props
  switch (tab) {
    case 'stages':
      return <StagesTab {...{ waterfall, table, bought, lit, onLight, workspace }} />
    case 'hardware':
      return <HardwareTab project={project} whole={whole} choice={choice} />
    case 'time':
      return <TimeTab project={project} whole={whole} choice={choice} />
    case 'plan':
      return <PlanTab workspace={workspace} project={project} />
    case 'bases':
      return <BasesTab workspace={workspace} project={project} whole={whole} />
    case 'storage':
      return <StorageTab workspace={workspace} project={project} />
    case 'entries':
      return <EntriesTab workspace={workspace} project={project} whole={whole} mayWrite={props.mayWrite} />
    case 'kept':
      return <KeptTab {...props} />
  }
}
