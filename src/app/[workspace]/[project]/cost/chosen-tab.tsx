'use client'
import { useQueryStates } from 'nuqs'
import type { TableText } from '#src/core/publish/table.ts'
import type { Bought } from '#src/protocol/bought.ts'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import type { UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { ADDRESS } from './cost-address.ts'
import { BasesTab, HardwareTab, PlanTab, StagesTab, TimeTab } from './cost-tabs.tsx'
import { EntriesTab } from './entries-tab.tsx'
import { KeptTab } from './kept-tab.tsx'
import { StorageTab } from './storage-tab.tsx'

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

/** The table of the tab that is chosen. */
export function ChosenTab({ lit, onLight, waterfall, table, bought, ...props }: CostTabsProps) {
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
