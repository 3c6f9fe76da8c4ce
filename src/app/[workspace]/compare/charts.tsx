'use client'
import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useMemo } from 'react'
import type { DrawnRun, RunSet } from '#src/core/layouts/layout.ts'
import type { SideBySide } from '#src/protocol/comparisons.ts'
import { Section } from '#src/ui/kit/section.tsx'
import styles from './compare.module.css'

/** Charts are as large as all else together: the table does not wait for them. */
const Workspace = dynamic(() => import('#src/ui/workspace/workspace.tsx').then((module) => module.Workspace), {
  ssr: false,
  loading: () => <Skeleton height={480} radius={0} />,
})

/** The charts of the runs behind the entries, of every kind, told against the run of the baseline. For entries of one project. */
export function Charts(props: { workspace: string; project: string; sides: SideBySide; frozenAt: string | null }) {
  const { workspace, project, sides, frozenAt } = props
  const runs = useMemo(() => runSetOf(sides), [sides])
  if (runs.runs.length === 0)
    return (
      <Section title="Charts">
        <p className={styles.quietLine}>No run stands behind these entries, so there are no curves.</p>
      </Section>
    )
  return (
    <Section
      title="Charts"
      note={frozenAt === null ? null : 'of the runs as they are now; the numbers beside are frozen'}
    >
      <Workspace
        workspace={workspace}
        project={project}
        runs={runs}
        scrolls="page"
        live={frozenAt === null && sides.entries.some(({ run }) => run?.state === 'running')}
      />
    </Section>
  )
}

function runSetOf({ entries }: SideBySide): RunSet {
  const runs = new Map<number, DrawnRun>()
  for (const { run, stage } of entries)
    if (run)
      runs.set(run.number, {
        number: run.number,
        uid: run.uid,
        name: run.name,
        stage: { number: stage.number, kind: stage.stage_kind, name: stage.name },
        groupKey: null,
      })
  const baseline = entries.find((entry) => entry.is_baseline)?.run?.number ?? null
  return { runs: [...runs.values()], matching: runs.size, hidden: [], baseline }
}
