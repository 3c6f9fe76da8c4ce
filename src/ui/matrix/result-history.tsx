'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatExactCount } from '#src/core/format/count.ts'
import { formatNumber } from '#src/core/format/number.ts'
import type { Benchmark, Evaluation } from '#src/protocol/evaluations.ts'
import { digitsOf } from '#src/ui/changes/score-digits.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './panel.module.css'

/** All that was measured like the result of a cell: further seeds as trials, and what was superseded, which stays readable. */
export function ResultHistory(props: { workspace: string; evaluation: string; benchmark: Benchmark }) {
  const { workspace, evaluation } = props
  const trpc = useTRPC()
  const [isOpen, setOpen] = useState(false)
  const history = useQuery(trpc.evaluations.history.queryOptions({ workspace, evaluation }, { enabled: isOpen }))
  return (
    <details className={styles.protocol} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Results and trials</summary>
      {isOpen ? (
        <Answer query={history} what="The history of the result" loading={<LoadingRows rows={2} />}>
          {({ items }) => <Results {...props} items={items} />}
        </Answer>
      ) : null}
    </details>
  )
}

function Results({ items, benchmark }: { items: readonly Evaluation[]; benchmark: Benchmark }) {
  const standing = items.filter((item) => !item.superseded)
  return (
    <>
      <table className={styles.table} data-numbers>
        <caption className="visually-hidden">Results and trials, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Measured</th>
            <th scope="col">Seed</th>
            <th scope="col">Score</th>
            <th scope="col">95 %</th>
            <th scope="col">n</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const digits = digitsOf(benchmark, item.score)
            return (
              <tr key={item.id} data-superseded={item.superseded || undefined}>
                <th scope="row" title={item.source === '' ? undefined : item.source}>
                  {momentOf(item)}
                  {item.superseded ? <small> superseded</small> : null}
                </th>
                <td>{item.seed === '' ? '–' : item.seed}</td>
                <td>{formatNumber(item.score, digits)}</td>
                <td title={item.interval_note ?? undefined}>
                  {item.low === null || item.high === null
                    ? 'none'
                    : `${formatNumber(item.low, Math.max(1, digits - 1))}–${formatNumber(item.high, Math.max(1, digits - 1))}`}
                </td>
                <td>{item.n === null ? item.n_missing : formatExactCount(item.n)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className={styles.quiet}>
        {standing.length === 1
          ? 'One result stands.'
          : `${standing.length} trials stand, one a seed; the cell averages them within the item first.`}
      </p>
    </>
  )
}

const momentOf = ({ measured_at, created_at }: Evaluation): string => {
  const at = measured_at ?? created_at
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`
}
