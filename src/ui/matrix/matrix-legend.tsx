import { Term } from '#src/ui/glossary/term.tsx'
import { LOSS_STEPS, SCORE_STEPS } from './cell-look.ts'
import styles from './matrix.module.css'

const GROUNDS = [
  'lost-5',
  'lost-4',
  'lost-3',
  'lost-2',
  'lost-1',
  'gained-1',
  'gained-2',
  'gained-3',
  'gained-4',
  'gained-5',
]

const signed = (sign: string, steps: readonly number[]): string[] =>
  steps.map((step) => `${sign}${String(step).replace(/^0\./, '.')}`)

/** The colour ramp with the sizes at which its steps begin, and what the marks mean. */
export function MatrixLegend() {
  const scores = [...signed('−', [...SCORE_STEPS].reverse()), '', ...signed('+', SCORE_STEPS)]
  const losses = [...signed('+', [...LOSS_STEPS].reverse()), '', ...signed('−', LOSS_STEPS)]
  return (
    <div className={styles.legend}>
      <div className={styles.ramp} role="img" aria-label="Orange is lost, blue is gained; five steps either way">
        <span className={styles.rampName}>scores</span>
        <span className={styles.rampTicks}>{ticks(scores)}</span>
        <span />
        <span className={styles.rampLost}>lost</span>
        <span className={styles.rampBar}>
          {GROUNDS.map((ground) => (
            <i key={ground} data-ground={ground} />
          ))}
        </span>
        <span className={styles.rampGained}>gained</span>
        <span className={styles.rampName}>bits, nats</span>
        <span className={styles.rampTicks}>{ticks(losses)}</span>
        <span />
      </div>
      <ul className={styles.marks}>
        <li>
          <i data-mark="certain" /> certain
        </li>
        <li>
          <i data-mark="uncertain" /> <Term of="no_difference_found">uncertain</Term>
        </li>
        <li>
          <i data-mark="no_interval" /> <Term of="no_interval">no interval</Term>
        </li>
        <li>
          <i data-mark="hatched" /> <Term of="not_comparable">cannot be compared</Term>
        </li>
        <li>
          <i data-mark="missing" /> not measured
        </li>
        <li>
          <i data-mark="corner" /> <Term of="budget">over budget</Term>
        </li>
      </ul>
    </div>
  )
}

const ticks = (words: readonly string[]) =>
  words.map((word, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the ticks never move
    <span key={i}>{word}</span>
  ))
