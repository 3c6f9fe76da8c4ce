import styles from './path-measures.module.css'

export interface MeasureLine {
  key: string
  name: string
  note: string
  /** Null: not defined; `over` then says why. */
  value: string | null
  interval: string
  /** What it was divided by. */
  over: string
}

/** Measures of continual learning, each with what it was divided by. */
export function MeasureTable({ lines }: { lines: readonly MeasureLine[] }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Measures of the path</caption>
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col">Points</th>
          <th scope="col">95 % interval</th>
          <th scope="col">Over</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, name, note, value, interval, over }) => (
          <tr key={key}>
            <th scope="row">
              {name} <small>{note}</small>
            </th>
            {value === null ? (
              <td colSpan={3} className={styles.why}>
                not defined{over === '' ? '' : `: ${over}`}
              </td>
            ) : (
              <>
                <td>{value}</td>
                <td>{interval}</td>
                <td>{over}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
