/** How many stages a lineage holds, and what is said where that is not all of them. Pure. */
import { formatExactCount } from '#src/core/format/count.ts'
import type { Lineage } from '#src/protocol/lineage.ts'

type Totals = Pick<Lineage['totals'], 'stages' | 'left_out'>

/** "1 stage", "12 stages", "2,000 of 2,345 stages". */
export function stageCount({ stages, left_out }: Totals): string {
  const all = stages + left_out
  const of = left_out > 0 ? `${formatExactCount(stages)} of ` : ''
  return `${of}${formatExactCount(all)} ${all === 1 ? 'stage' : 'stages'}`
}

/** What is not shown, and the way to it; null where every stage is. */
export function leftOutWords({ stages, left_out }: Totals): { title: string; text: string } | null {
  if (left_out === 0) return null
  const [is, them, have] =
    left_out === 1 ? ['stage is', 'it', 'its page is'] : ['stages are', 'them', 'their pages are']
  return {
    title: `${formatExactCount(left_out)} newer ${is} not shown`,
    text: `A lineage shows the first ${formatExactCount(stages)} by number, and the totals are of these. The search at the top of the page (Ctrl K) finds ${them} by name; ${have} complete.`,
  }
}
