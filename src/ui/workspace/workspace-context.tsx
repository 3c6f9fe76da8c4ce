'use client'
import { createContext, useContext } from 'react'
import { changePanel, lookAtSection } from '#src/core/layouts/change-layout.ts'
import { panelName, type ShownSection } from '#src/core/layouts/compose.ts'
import type { LookOverride, Panel, RunOrigin, RunSet, Section } from '#src/core/layouts/layout.ts'
import type { ColouredBy, RunLook } from '#src/ui/charts/run-colour.ts'
import type { WorkspaceState } from './use-workspace.ts'

/** Runs as charts ask for them. */
export interface Asked {
  /** Whose points are asked for, some of them not shown. */
  runs: readonly number[]
  shown: ReadonlySet<number>
  /** The shown ones in the table's order. */
  numbers: readonly number[]
  /** How many more match than are drawn. */
  left: number
}

/** What every part of a workspace knows. */
export interface WorkspaceParts {
  workspace: string
  /** Of several projects the first. */
  project: string
  /** Where each run lies; null: all are of `project`. */
  origins: ReadonlyMap<number, RunOrigin> | null
  set: RunSet
  asked: Asked
  colouredBy: ColouredBy
  live: boolean
  /** Metric keys of the runs. */
  keys: readonly string[]
  sections: readonly ShownSection[]
  state: WorkspaceState
  /** Sentences for saved pictures. */
  notes: readonly string[]
  lookOfRun: (run: number) => RunLook
  nameOfRun: (run: number) => string
  kindOfRun: (run: number) => string | undefined
  /** Opens the look of a section, or of one of its panels. */
  askLook: (section: Section, panel: Panel | null) => void
  askMove: (panel: Panel) => void
  /** Opens the form of a panel, or of a new one: of a chart of lines, or of another kind. */
  askEdit: (section: Section, panel: Panel | 'line' | 'other') => void
}

export const WorkspaceContext = createContext<WorkspaceParts | null>(null)

/** Must be used inside a `Workspace`. */
export function useParts(): WorkspaceParts {
  const parts = useContext(WorkspaceContext)
  if (!parts) throw new Error('A part of a workspace was placed outside of one.')
  return parts
}

/** What a section is called: keys without a prefix have no word of their own. */
export const sectionName = ({ title }: Pick<Section, 'title'>): string => title || 'Charts'

/** What a panel is called in its section, whose prefix it need not repeat. */
export function shortName(panel: Panel, section: Pick<Section, 'prefix'>): string {
  const name = panelName(panel)
  const begin = section.prefix ? `${section.prefix}/` : ''
  return begin !== '' && !panel.title && panel.kind === 'line' && panel.metrics.length === 1 && name.startsWith(begin)
    ? name.slice(begin.length)
    : name
}

/** Sets what a section, or a panel of it, is looked at by of its own. */
export function setOwnLook(state: WorkspaceState, section: Section, panel: Panel | null, own: LookOverride): void {
  state.arrange(
    (before) => (panel ? changePanel(before, section, panel.id, { look: own }) : lookAtSection(before, section, own)),
    `the look of ${panel ? panelName(panel) : sectionName(section)}`,
  )
}
