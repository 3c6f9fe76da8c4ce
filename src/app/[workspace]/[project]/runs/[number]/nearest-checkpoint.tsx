'use client'
import Link from 'next/link'
import { nearestCheckpoint } from '#src/core/checkpoints/nearest-checkpoint.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { XAxis } from '#src/core/metrics/chart-choices.ts'
import type { Checkpoint } from '#src/protocol/checkpoints.ts'
import { useCursor } from '#src/ui/charts/group-state.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './run.module.css'

/** The checkpoint nearest to the crosshair of the charts, over steps and tokens; how to get there where the crosshair stands nowhere. */
export function NearestCheckpoint(props: { workspace: string; checkpoints: readonly Checkpoint[]; axis: XAxis }) {
  const { workspace, checkpoints, axis } = props
  const cursor = useCursor()
  if (axis !== 'step' && axis !== 'tokens') return null
  const place = cursor === null ? null : axis === 'step' ? { step: cursor.x } : { tokens: cursor.x }
  const found = place && nearestCheckpoint(checkpoints, place)
  if (cursor === null || found === null)
    return <p className={styles.quiet}>The crosshair of the charts leads to the checkpoint nearest to it.</p>
  const at = axis === 'step' ? `step ${formatExactCount(Math.round(cursor.x))}` : `${formatCount(cursor.x)} tokens`
  return (
    <p className={styles.quiet}>
      Nearest to {at}:{' '}
      <Link className="link" href={paths.checkpoint(workspace, found.id)} prefetch={false}>
        the checkpoint at step {formatExactCount(found.step)}
      </Link>
    </p>
  )
}
