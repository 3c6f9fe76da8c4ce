import type { CSSProperties, ReactNode } from 'react'
import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import styles from './marks.module.css'
import { STAGE_LOOKS } from './stage-kinds.ts'

/** The icon of a stage kind on its tint, a square of `size`. The word stands beside it or is given to readers by `label`. */
export function StageIcon({ kind, size = 20, label = false }: { kind: StageKind; size?: number; label?: boolean }) {
  const look = STAGE_LOOKS[kind]
  const style = { '--stage': look.colour, '--size': `${size}px` } as CSSProperties
  return (
    <span className={styles.stage} style={style} title={look.word}>
      <look.Icon size={Math.round(size * 0.7)} strokeWidth={1.75} aria-hidden />
      {label ? <span className="visually-hidden">{look.word}</span> : null}
    </span>
  )
}

/** Icon and name of a stage in one line. */
export function StageName({ kind, children }: { kind: StageKind; children: ReactNode }) {
  return (
    <span className={styles.stageName}>
      <StageIcon kind={kind} label />
      {children}
    </span>
  )
}
