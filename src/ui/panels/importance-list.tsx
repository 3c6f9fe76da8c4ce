import type { Association } from '#src/core/panels/importance.ts'
import type { TableText } from '#src/core/publish/table.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import { fieldName } from './field-format.ts'
import styles from './panels.module.css'
import type { Parallel } from './prepare-parallel.ts'

/** How strongly each field goes along with the target, as bars with what chance alone would give. */
export function ImportanceList(props: { importance: NonNullable<Parallel['importance']>; table: TableText }) {
  const { target, told, untold } = props.importance
  return (
    <section className={styles.importance} aria-label={`Association with ${fieldName(target)}`}>
      <div className={styles.head}>
        <h4>
          Association with {fieldName(target)}
          <span> what goes along with it, not what causes it</span>
        </h4>
        {told.length > 0 ? <PictureMenu name="association" table={props.table} isSmall /> : null}
      </div>
      {told.length === 0 ? <p className="ink-3">Nothing can be told from these runs.</p> : null}
      <ul>
        {told.map((one) => (
          <li key={one.field}>
            <span className={styles.importanceName} title={one.field}>
              {fieldName(one.field)}
            </span>
            <Strength association={one} />
            <span className={styles.importanceValue}>
              {measureWords(one)} <b>{one.strength.toFixed(2)}</b>
            </span>
            <span className={styles.importanceN}>{countWords(one)}</span>
          </li>
        ))}
      </ul>
      {told.length > 0 ? (
        <p className={styles.note}>
          |ρ| is Spearman’s rank correlation, ↑ where both grow together and ↓ where one falls; η² the share of variance
          between categories. They are different measures. The mark on a bar is what shuffled values give on average.
        </p>
      ) : null}
      {untold.length > 0 ? (
        <p className={styles.note}>
          Not told: {untold.map(({ field, why }) => `${fieldName(field)} (${why})`).join(', ')}.
        </p>
      ) : null}
    </section>
  )
}

const WIDTH = 120

function Strength({ association: { strength, byChance } }: { association: Association }) {
  return (
    <svg
      width={WIDTH}
      height={12}
      viewBox={`0 0 ${WIDTH} 12`}
      preserveAspectRatio="none"
      aria-hidden
      className={styles.strength}
    >
      <rect x={0} y={4} width={WIDTH} height={4} rx={2} fill="var(--bg-3)" />
      <rect
        x={0}
        y={3}
        width={Math.max(1, strength * WIDTH)}
        height={6}
        rx={2}
        fill={strength > byChance ? 'var(--accent)' : 'var(--ctl)'}
      />
      <rect x={Math.min(1, byChance) * WIDTH - 1} y={0} width={2} height={12} fill="var(--text)" />
    </svg>
  )
}

/** "|ρ| ↓", "η²". */
export const measureWords = ({ measure, sign }: Association): string =>
  measure === 'eta2' ? 'η²' : `|ρ|${sign === 0 ? '' : sign > 0 ? ' ↑' : ' ↓'}`

/** "24 runs", "24 runs, 3 values", and what chance gives. */
export const countWords = ({ n, categories, byChance }: Association): string =>
  `${n} runs${categories === null ? '' : `, ${categories} values`}, by chance ${byChance.toFixed(2)}`
