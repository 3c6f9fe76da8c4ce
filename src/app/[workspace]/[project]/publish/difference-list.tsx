import type { TableDifference } from '#src/core/publish/table-differences.ts'
import { differenceWords } from './difference-words.ts'

const SHOWN_MAX = 20

/** Where two tables say something else. `then` and `now` name the two sides. */
export function DifferenceList(props: {
  differences: readonly TableDifference[]
  total: number
  then: string
  now: string
}) {
  const { differences, total, then, now } = props
  return (
    <>
      <p>
        {total} {total === 1 ? 'difference' : 'differences'}
      </p>
      <ul>
        {differences.slice(0, SHOWN_MAX).map((difference) => (
          <li key={JSON.stringify(difference)}>{differenceWords(difference, then, now)}</li>
        ))}
      </ul>
      {total > SHOWN_MAX ? <p>and {total - SHOWN_MAX} more</p> : null}
    </>
  )
}
