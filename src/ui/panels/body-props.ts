import type { ReactNode } from 'react'
import type { RunSet } from '#src/core/layouts/layout.ts'
import type { PanelContent } from '#src/core/panels/panel-content.ts'
import type { ColouredBy } from '#src/ui/charts/run-colour.ts'
import type { PanelValues } from './panel-values.ts'

/** What every body is given: values, the room it has, and what the head of its figure shows besides. */
export interface BodyProps<Content extends PanelContent> {
  content: Content
  title: string
  values: PanelValues
  runs: RunSet
  width: number
  height: number
  colouredBy: ColouredBy
  groupedBy: string | null
  /** By run: the value of the field that runs are grouped by. */
  groupOf: readonly (string | null)[]
  figure: FigureFrame
  onOpen: (run: number) => void
}

/** What a body hands on to its figure. */
export interface FigureFrame {
  title: string
  /** Whether its head shows the title; a text says itself what it is. */
  isNamed: boolean
  name: string
  tools: ReactNode
  /** What a program asks for the same values. */
  request: { path: string; query: Readonly<Record<string, string>> }
  /** Filter and baseline, as the export prints them. */
  notes: readonly string[]
}
