import type { Change } from '#src/protocol/evaluations.ts'
import { changeInk, shortReading } from './change-words.ts'

const WIDTH = 80
const HEIGHT = 14

/**
 * A change on an axis from worse to better, no change in the middle: filled when proven, open when not or without an interval.
 * `scale` is the utility at either end.
 */
export function WorseBetter({ change, scale }: { change: Change; scale: number }) {
  if (change.utility === null || scale <= 0) return null
  const sign = change.benchmark.higher_is_better ? 1 : -1
  const toX = (utility: number) => WIDTH / 2 + (Math.max(-1, Math.min(1, utility / scale)) * (WIDTH - 12)) / 2
  const ink = changeInk(change)
  const colour = ink === 'gained' ? 'var(--gain-5)' : ink === 'lost' ? 'var(--lost-5)' : 'var(--ctl)'
  const [low, high] = [change.low, change.high]
  const proven = change.reading === 'gained' || change.reading === 'lost'
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={shortReading(change)}>
      <path d={`M${WIDTH / 2} 1V${HEIGHT - 1}`} stroke="var(--line-2)" />
      {low === null || high === null ? null : (
        <path d={`M${toX(sign * low)} 7H${toX(sign * high)}`} stroke={colour} strokeWidth={1.25} />
      )}
      <circle
        cx={toX(change.utility)}
        cy={7}
        r={3.2}
        fill={proven ? colour : 'var(--bg)'}
        stroke={colour}
        strokeWidth={1.4}
      />
    </svg>
  )
}
