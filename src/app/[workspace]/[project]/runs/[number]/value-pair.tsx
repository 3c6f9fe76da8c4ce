import { isLong, leafWords } from '#src/core/comparisons/config-rows.ts'
import styles from './run.module.css'

/** A value, with the one before it where the two differ. A long text is cut to a few lines and opens. */
export function ValuePair({
  before,
  after,
  differs,
}: {
  before: string | null
  after: string | null
  differs: boolean
}) {
  return (
    <>
      {differs ? (
        <dd className={styles.before}>
          <Value leaf={before} />
        </dd>
      ) : null}
      <dd className={styles.after}>
        {differs ? <span aria-hidden>→ </span> : null}
        <Value leaf={after} />
      </dd>
    </>
  )
}

function Value({ leaf }: { leaf: string | null }) {
  if (leaf === null) return <>–</>
  const words = leafWords(leaf)
  if (!isLong(leaf) || words.length < 160) return <>{words}</>
  return (
    <details className={styles.longValue}>
      <summary>{words.slice(0, 60)} …</summary>
      {words}
    </details>
  )
}
