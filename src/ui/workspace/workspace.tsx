'use client'
/**
 * Charts of runs in sections by the prefix of their metrics, under one set of controls that sections and charts may override. Only what
 * is near the visible part is mounted and asked for.
 */
import { Skeleton } from '@mantine/core'
import { useCallback, useMemo, useRef, useState } from 'react'
import { composeSections, panelName } from '#src/core/layouts/compose.ts'
import { LINES_MAX, type Panel, type RunSet, runTitle, type Section } from '#src/core/layouts/layout.ts'
import { originsOf } from '#src/core/layouts/origins.ts'
import { ChartGroup, type CursorStore } from '#src/ui/charts/group-state.tsx'
import { KeptCursor } from '#src/ui/charts/kept-cursor.tsx'
import { type ColouredBy, lookOfRun, type RunLook, runLook } from '#src/ui/charts/run-colour.ts'
import { Empty } from '#src/ui/kit/empty.tsx'
import { Problem } from '#src/ui/kit/problem.tsx'
import { EditPanel } from './edit-panel.tsx'
import { FullChart } from './full-chart.tsx'
import { LookDialog } from './look-dialog.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { packRows } from './pack-rows.ts'
import { PanelDragging } from './panel-dragging.tsx'
import { RowList } from './row-list.tsx'
import { readChartSearch } from './search-charts.ts'
import { useAskedRuns } from './use-asked-runs.ts'
import { useRunKeys } from './use-run-keys.ts'
import { useWorkspace } from './use-workspace.ts'
import styles from './workspace.module.css'
import { WorkspaceBar } from './workspace-bar.tsx'
import { type Asked, sectionName, setOwnLook, WorkspaceContext, type WorkspaceParts } from './workspace-context.tsx'

export interface WorkspaceProps {
  workspace: string
  project: string
  /** Of the list of charts, CSS px. */
  width: number
  /** What a table shows in charts. */
  runs: RunSet
  /** What colours mean; absent: the run. */
  colouredBy?: ColouredBy
  onColouredBy?: (by: ColouredBy) => void
  /** `own`: as high as its place, and scrolled inside; `page`: as high as its charts, and scrolled with the page. */
  scrolls?: 'own' | 'page'
  /** Charts ask for new points while true. */
  live?: boolean
  /** The crosshair of other parts of the page; absent: one of its own. */
  cursor?: CursorStore | undefined
}

/** The workspace of charts beside a table of runs; its state is in the address. */
export function Workspace(props: WorkspaceProps) {
  const { workspace, project, width, runs, colouredBy = 'run', scrolls = 'own', live = true } = props
  const state = useWorkspace()
  const numbers = useMemo(() => runs.runs.map((run) => run.number), [runs.runs])
  const held = useAskedRuns(numbers)
  const origins = useMemo(() => originsOf(runs.runs), [runs.runs])
  // Of runs of other projects only those are known that are shown.
  const asked = origins ? numbers : held
  const found = useRunKeys({ workspace, project, runs: asked, origins, live })
  const keyText = found.keys?.join('\n')
  const keys = useMemo(() => (keyText ? keyText.split('\n') : []), [keyText])
  const search = useMemo(() => readChartSearch(state.words.charts), [state.words.charts])
  const lastMatches = useRef<((name: string) => boolean) | null>(null)
  // Half a pattern keeps the last result.
  if (search.kind !== 'wrong') lastMatches.current = search.kind === 'some' ? search.matches : null
  const matches = lastMatches.current
  const sections = useMemo(() => composeSections(state.layout, keys, matches), [state.layout, keys, matches])
  const rows = useMemo(() => packRows(sections, width), [sections, width])
  const [dialog, setDialog] = useState<Dialog | null>(null)

  const drawn = useRunWords(runs, colouredBy)
  const notes = useMemo(() => setNotes(runs), [runs])
  const left = Math.max(0, runs.matching - runs.hidden.length - runs.runs.length)
  const askedOf = useMemo<Asked>(
    () => ({ runs: asked, shown: new Set(numbers), numbers, left }),
    [asked, numbers, left],
  )
  const askLook = useCallback(
    (section: Section, panel: Panel | null) => setDialog({ kind: 'look', section, panel }),
    [],
  )
  const askEdit = useCallback(
    (section: Section, panel: Panel | 'line' | 'other') => setDialog({ kind: 'edit', section, panel }),
    [],
  )
  const askMove = useCallback((panel: Panel) => setDialog({ kind: 'move', panel }), [])
  const parts = useMemo<WorkspaceParts>(
    () => ({
      workspace,
      project,
      origins,
      set: runs,
      asked: askedOf,
      colouredBy,
      live,
      keys,
      sections,
      state,
      askLook,
      askMove,
      askEdit,
      notes,
      ...drawn,
    }),
    [
      workspace,
      project,
      origins,
      runs,
      askedOf,
      colouredBy,
      live,
      keys,
      sections,
      state,
      askLook,
      askMove,
      askEdit,
      notes,
      drawn,
    ],
  )
  const count = sections.reduce((n, { panels }) => n + panels.length, 0)
  const isEmpty = count === 0 && sections.length === 0
  const full = state.words.chart

  return (
    <WorkspaceContext value={parts}>
      <ChartGroup kept={state.kept} shared={props.cursor}>
        {props.cursor ? null : <KeptCursor />}
        <section className={styles.workspace} data-scrolls={scrolls} aria-label="Charts">
          <WorkspaceBar
            search={search}
            count={count}
            {...(props.onColouredBy && { onColouredBy: props.onColouredBy })}
          />
          {left > 0 ? <TooMany left={left} drawn={runs.runs.length} /> : null}
          {runs.runs.length === 0 ? (
            <div className={styles.nothing}>
              <Empty
                title="No run is drawn"
                text={
                  runs.hidden.length > 0
                    ? 'All runs of this list are hidden. Press the eye of a run to draw it.'
                    : 'No run matches. Change the search to draw some.'
                }
              />
            </div>
          ) : found.error && !found.keys ? (
            <Problem what="The list of metrics" error={found.error} retry={found.retry} />
          ) : !found.keys ? (
            <Skeleton height={220} mt={8} />
          ) : isEmpty ? (
            <div className={styles.nothing}>
              <Empty
                title={matches ? 'No chart matches' : 'No curve yet'}
                text={
                  matches
                    ? `No metric of these runs has a name with “${state.words.charts}”.`
                    : 'None of these runs has logged a metric. The first point appears here by itself.'
                }
              />
            </div>
          ) : (
            <PanelDragging>
              <RowList rows={rows} scrolls={scrolls} />
            </PanelDragging>
          )}
        </section>
        {full === null ? null : <FullChart id={full} onChart={state.openFull} />}
        {dialog?.kind === 'look' ? (
          <PanelLook section={dialog.section} panel={dialog.panel} parts={parts} onClose={() => setDialog(null)} />
        ) : dialog?.kind === 'move' ? (
          <MoveDialog panel={dialog.panel} onClose={() => setDialog(null)} />
        ) : dialog?.kind === 'edit' ? (
          <EditPanel section={dialog.section} panel={dialog.panel} onClose={() => setDialog(null)} />
        ) : null}
      </ChartGroup>
    </WorkspaceContext>
  )
}

type Dialog =
  | { kind: 'look'; section: Section; panel: Panel | null }
  | { kind: 'edit'; section: Section; panel: Panel | 'line' | 'other' }
  | { kind: 'move'; panel: Panel }

/** More runs match than a chart draws: it is said once for all, with the way out. */
function TooMany({ left, drawn }: { left: number; drawn: number }) {
  return (
    <p className={styles.tooMany} role="status">
      The first {drawn.toLocaleString('en')} runs are drawn, by the table's order; {left.toLocaleString('en')} more
      match.
      {drawn >= LINES_MAX ? ' Group the lines to read so many, or narrow the search.' : ''}
    </p>
  )
}

function PanelLook(props: { section: Section; panel: Panel | null; parts: WorkspaceParts; onClose: () => void }) {
  const { parts, panel } = props
  const { state, sections, keys } = parts
  // What was changed meanwhile is read anew.
  const shown = sections.find(({ section }) => section.id === props.section.id)
  const section = shown?.section ?? props.section
  const now = panel && shown?.panels.find(({ id }) => id === panel.id)
  const own = (panel ? now?.look : section.look) ?? {}
  const look = { ...state.look, ...section.look, ...(now?.look ?? {}) }
  return (
    <LookDialog
      what={panel ? panelName(panel) : `the section ${sectionName(section)}`}
      look={look}
      own={own}
      keys={keys}
      onOwn={(next) => setOwnLook(state, section, panel, next)}
      onClose={props.onClose}
    />
  )
}

/** Names, colours and stages of the drawn runs, by number. */
function useRunWords(set: RunSet, colouredBy: ColouredBy) {
  return useMemo(() => {
    const byNumber = new Map(set.runs.map((run) => [run.number, run]))
    const counts = new Map<string, number>()
    for (const { name } of set.runs) counts.set(name, (counts.get(name) ?? 0) + 1)
    return {
      lookOfRun: (number: number): RunLook => {
        const run = byNumber.get(number)
        return run ? lookOfRun(run, colouredBy) : runLook(number)
      },
      nameOfRun: (number: number): string => {
        const run = byNumber.get(number)
        if (!run) return `#${number}`
        return counts.get(run.name) === 1 ? run.name : runTitle(run)
      },
      kindOfRun: (number: number): string | undefined => byNumber.get(number)?.stage.kind,
    }
  }, [set.runs, colouredBy])
}

/** What a saved picture says about which runs it draws. */
function setNotes({ q, runs, matching, hidden, baseline }: RunSet): string[] {
  const against = runs.find(({ number }) => number === baseline)
  const baselineName = against?.from ? runTitle(against) : `#${baseline}`
  return [
    `${runs.length} of ${matching} ${matching === 1 ? 'run' : 'runs'}${hidden.length > 0 ? `, ${hidden.length} hidden` : ''}${q ? `; search: ${q}` : ''}.`,
    ...(baseline == null ? [] : [`Baseline: run ${baselineName}.`]),
  ]
}
