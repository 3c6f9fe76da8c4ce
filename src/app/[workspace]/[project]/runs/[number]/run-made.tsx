'use client'
import type { RunDetail } from '#src/protocol/runs.ts'
import styles from './run.module.css'
import { RunArtifacts } from './run-artifacts.tsx'
import { RunEnvironment } from './run-environment.tsx'
import type { RunPlace } from './run-place.ts'

/** On what it ran and what it left: the foot of the page. `off`: absent in the part of a phone's page that is shown. */
export function RunMade({
  run,
  live,
  off,
  ...place
}: RunPlace & { run: RunDetail; live: boolean; off: '' | undefined }) {
  return (
    <>
      <div data-off={off} className={styles.part}>
        <RunEnvironment {...place} run={run} />
      </div>
      <div data-off={off} className={styles.part}>
        <RunArtifacts {...place} live={live} />
      </div>
    </>
  )
}
