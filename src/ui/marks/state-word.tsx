import {
  Check,
  CircleDashed,
  Clock,
  Hourglass,
  type LucideIcon,
  Pause,
  Play,
  RotateCcw,
  SquareMinus,
  Unplug,
  X,
} from 'lucide-react'
import type { JobState } from '#src/core/agents/job-states.ts'
import type { RunState } from '#src/core/runs/states.ts'
import type { ExperimentState } from '#src/protocol/experiments.ts'
import styles from './marks.module.css'

/** Every word for where a run, a stage or a job stands. */
export type AnyState = RunState | ExperimentState | JobState

interface StateLook {
  word: string
  colour: string
  Icon: LucideIcon
}

const LOOKS: Readonly<Record<AnyState, StateLook>> = {
  planned: { word: 'Planned', colour: 'var(--s-planned)', Icon: CircleDashed },
  waiting: { word: 'Waiting', colour: 'var(--s-waiting)', Icon: Clock },
  queued: { word: 'Queued', colour: 'var(--s-waiting)', Icon: Hourglass },
  leased: { word: 'Starting', colour: 'var(--s-running)', Icon: RotateCcw },
  running: { word: 'Running', colour: 'var(--s-running)', Icon: Play },
  canceling: { word: 'Canceling', colour: 'var(--s-waiting)', Icon: SquareMinus },
  canceled: { word: 'Canceled', colour: 'var(--s-stopped)', Icon: SquareMinus },
  lost: { word: 'Lost', colour: 'var(--s-lost)', Icon: Unplug },
  preempted: { word: 'Preempted', colour: 'var(--s-preempted)', Icon: Pause },
  failed: { word: 'Failed', colour: 'var(--s-failed)', Icon: X },
  stopped: { word: 'Stopped', colour: 'var(--s-stopped)', Icon: SquareMinus },
  finished: { word: 'Finished', colour: 'var(--s-finished)', Icon: Check },
}

/** States that need no attention: their word is grey. */
const QUIET: ReadonlySet<AnyState> = new Set(['finished', 'planned', 'waiting', 'queued', 'stopped', 'canceled'])

/** A state as icon, word and colour; `detail` is read on hover. `small`: with an icon of 12 px. */
export function StateWord(props: { state: AnyState; detail?: string | null; small?: boolean }) {
  const { state, detail, small = false } = props
  const look = LOOKS[state]
  return (
    <span className={styles.state} data-quiet={QUIET.has(state) || undefined} title={detail ?? undefined}>
      <look.Icon size={small ? 12 : 14} strokeWidth={1.75} color={look.colour} aria-hidden />
      <span className={styles.stateWord} style={QUIET.has(state) ? undefined : { color: look.colour }}>
        {look.word}
      </span>
    </span>
  )
}

/** Colour of a state, for bars and edges. */
export const stateColour = (state: AnyState): string => LOOKS[state].colour
