'use client'
import { useMemo } from 'react'
import { type DrawnRun, type RunSet, runKey } from '#src/core/layouts/layout.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import type { CursorStore } from '#src/ui/charts/group-state.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { WorkspaceLater } from '#src/ui/workspace/workspace-later.tsx'
import styles from './compare.module.css'
import { drawnProjects } from './entry-sides.ts'

/** The charts of the runs behind the entries, of every kind and of one or several projects, told against the run of the baseline. */
export function Charts(props: { workspace: string; sides: SideBySide; frozenAt: string | null; cursor: CursorStore }) {
  const { workspace, sides, frozenAt } = props
  const runs = useMemo(() => runSetOf(sides), [sides])
  if (runs.runs.length === 0)
    return (
      <Section title="Charts">
        <p className={styles.quietLine}>No run stands behind these entries, so there are no curves.</p>
      </Section>
    )
  return (
    <Section title="Charts">
      {frozenAt === null ? null : (
        <p className={styles.quietLine}>
          The numbers in the table were frozen <Ago at={frozenAt} />. Charts, media and texts show the runs as they are
          now.
        </p>
      )}
      <WorkspaceLater
        shape={480}
        workspace={workspace}
        project={sides.entries.find(({ run }) => run)?.stage.project ?? ''}
        runs={runs}
        scrolls="page"
        live={frozenAt === null && sides.entries.some(({ run }) => run?.state === 'running')}
        cursor={props.cursor}
      />
    </Section>
  )
}

/** Runs of one project by their numbers; of several by numbers that no two of them share. */
function runSetOf({ entries }: SideBySide): RunSet {
  const projects = drawnProjects({ entries })
  const isAcross = projects.length > 1
  const numberOf = (run: { number: number; uid: string }) => (isAcross ? runKey(run.uid) : run.number)
  const runs = new Map<number, DrawnRun>()
  for (const { run, stage } of entries) {
    if (!run) continue
    const { project } = stage
    runs.set(numberOf(run), {
      number: numberOf(run),
      uid: run.uid,
      name: run.name,
      stage: { number: stage.number, kind: stage.stage_kind, name: stage.name },
      groupKey: null,
      ...(isAcross && { from: { project, number: run.number, uid: run.uid, place: projects.indexOf(project) } }),
    })
  }
  const baseline = entries.find((entry) => entry.is_baseline)?.run
  return {
    runs: [...runs.values()],
    matching: runs.size,
    hidden: [],
    baseline: baseline ? numberOf(baseline) : null,
  }
}
