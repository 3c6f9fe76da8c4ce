import { TriangleAlert } from 'lucide-react'
import { formatExactCount } from '#src/core/format/count.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { MissingCell } from '#src/protocol/forgetting.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import styles from './stage.module.css'

/** What the verdict lacks: scores of the baseline or of the stage, with the lines that would fill them. */
export function StageMissing({ page }: { page: StagePage }) {
  const { missing } = page.forgetting
  if (missing.length === 0) return null
  const sides = [...groupBy(missing, (cell) => cell.at.checkpoint.id).values()]
  return (
    <details className={styles.missingCells}>
      <summary>
        <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
        <span>{sides.map(sideWords).join(' ')}</span>
        <span className={styles.missingHow}>How to fill</span>
      </summary>
      {sides.map((cells) => (
        <CodeBlock
          key={cells[0]?.at.checkpoint.id}
          wrap
          label={`From Python, with the score and its number of items, on ${cells[0]?.at.experiment.name}:`}
          text={cells.map((cell) => cell.command).join('\n')}
        />
      ))}
    </details>
  )
}

/** Names told before "and 9 more". */
const NAMES_SHOWN = 4

function sideWords(cells: readonly MissingCell[]): string {
  const [first] = cells
  if (!first) return ''
  const names = cells.slice(0, NAMES_SHOWN).map((cell) => cell.benchmark.name)
  const more = cells.length - names.length
  const list = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  const at = `${first.at.experiment.name}, checkpoint ${formatExactCount(first.at.checkpoint.step)}`
  return first.is_baseline ? `Missing baseline: ${at}, lacks ${list}.` : `Not measured here: ${list}.`
}
