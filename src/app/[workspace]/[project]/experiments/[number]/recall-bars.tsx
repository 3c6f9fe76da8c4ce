import type { FactKind } from '#src/core/evaluations/taught-facts.ts'
import type { Probed, ProbeScore } from '#src/protocol/probes.ts'
import { FACT_WORDS } from '#src/ui/benchmarks/fact-words.ts'
import { barScale, changeOfProbe, intervalOfScore, scoreWords } from './probe-words.ts'
import styles from './stage-probes.module.css'

/** Three bars with their intervals, each above the bar of the checkpoint from which the stage started. */
export function RecallBars(props: {
  kinds: readonly { kind: FactKind; found: Probed | null }[]
  stage: string
  baseline: string | null
}) {
  const scale = barScale(props.kinds.flatMap(({ found }) => found ?? []))
  return (
    <table className={styles.bars}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Facts</th>
          <th scope="col">Bars</th>
          <th scope="col">{props.stage}</th>
          <th scope="col">Change{props.baseline ? ` since ${props.baseline}` : ''}</th>
        </tr>
      </thead>
      <tbody>
        {props.kinds.map(({ kind, found }) => (
          <tr key={kind}>
            <th scope="row">{FACT_WORDS[kind]}</th>
            <td className={styles.barCell}>
              {found ? (
                <svg width="100%" height={34} role="img" aria-label={barWords(found, props)}>
                  <Bar side={found.after} scale={scale} y={3} isOwn />
                  <Bar side={found.before} scale={scale} y={20} isOwn={false} />
                </svg>
              ) : (
                <span className="ink-3">no items labelled {kind}</span>
              )}
            </td>
            <td className={styles.barValue} title={found?.after ? intervalOfScore(found, found.after) : undefined}>
              {found ? scoreWords(found, found.after) : '·'}
              {found?.before ? <small>{scoreWords(found, found.before)}</small> : null}
            </td>
            <td className={styles.barValue}>{found ? <Change probed={found} /> : null}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Change({ probed }: { probed: Probed }) {
  const { text, note, ink } = changeOfProbe(probed)
  return (
    <span className={styles.ink} data-ink={ink} title={note}>
      {text}
    </span>
  )
}

function Bar(props: { side: ProbeScore | null; scale: { min: number; max: number }; y: number; isOwn: boolean }) {
  const { side, scale, y } = props
  if (!side) return null
  const at = (value: number) =>
    `${(Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min || 1))) * 100).toFixed(2)}%`
  return (
    <>
      <rect className={props.isOwn ? styles.own : styles.start} x={0} y={y} width={at(side.score)} height={11} />
      {side.low === null || side.high === null ? null : (
        <>
          <line className={styles.whisker} x1={at(side.low)} x2={at(side.high)} y1={y + 5.5} y2={y + 5.5} />
          {[side.low, side.high].map((end) => (
            <line key={end} className={styles.whisker} x1={at(end)} x2={at(end)} y1={y + 2.5} y2={y + 8.5} />
          ))}
        </>
      )}
    </>
  )
}

const barWords = (found: Probed, { stage, baseline }: { stage: string; baseline: string | null }): string =>
  [
    found.after ? `${stage} ${scoreWords(found, found.after)}, ${intervalOfScore(found, found.after)}` : null,
    found.before && baseline
      ? `${baseline} ${scoreWords(found, found.before)}, ${intervalOfScore(found, found.before)}`
      : null,
  ]
    .filter((part) => part !== null)
    .join('; ')
