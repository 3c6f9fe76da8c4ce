import type { RunState } from '../runs/states.ts'

interface Stage {
  number: number
  state: string
  run_states: Readonly<Partial<Record<RunState, number>>>
}

/** States of a run that came to nothing; one that was lost or preempted may come back. */
const FOR_NOTHING: ReadonlySet<string> = new Set<RunState>(['failed', 'stopped'])

/**
 * Numbers of the stages of branches that came to nothing: all runs of the stage failed or were stopped, and so did all that started from
 * it. They can be folded away without hiding anything that somebody goes on from.
 */
export function endedBranches(
  stages: readonly Stage[],
  edges: readonly { child: { number: number }; parent: { number: number } }[],
): Set<number> {
  const isOver = ({ state, run_states }: Stage) => {
    const states = Object.entries(run_states).flatMap(([name, n]) => (n > 0 ? [name] : []))
    return state !== 'running' && states.length > 0 && states.every((name) => FOR_NOTHING.has(name))
  }
  const ended = new Set(stages.filter(isOver).map(({ number }) => number))
  // What starts from a stage keeps it, however far below something goes on.
  for (let before = -1; before !== ended.size; ) {
    before = ended.size
    for (const { child, parent } of edges) if (!ended.has(child.number)) ended.delete(parent.number)
  }
  return ended
}
