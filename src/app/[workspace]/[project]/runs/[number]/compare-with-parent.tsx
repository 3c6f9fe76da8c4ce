'use client'
import { Button } from '@mantine/core'
import { GitCompareArrows } from 'lucide-react'
import Link from 'next/link'
import type { RunDetail } from '#src/protocol/runs.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './run.module.css'

/** Leads to the run and its parent side by side. */
export function CompareWithParent({ run, workspace }: { run: RunDetail; workspace: string }) {
  const icon = <GitCompareArrows size={14} strokeWidth={1.75} aria-hidden />
  if (run.parents.length === 0)
    return (
      <span className={styles.compare}>
        <ExplainedButton why="It starts from nothing: there is no parent to compare it with." leftSection={icon}>
          Compare with parent
        </ExplainedButton>
      </span>
    )
  return (
    <span className={styles.compare}>
      <Button
        component={Link}
        href={paths.newComparison(workspace, [`run:${run.uid}`], { withParent: true })}
        leftSection={icon}
      >
        Compare with parent
      </Button>
    </span>
  )
}
