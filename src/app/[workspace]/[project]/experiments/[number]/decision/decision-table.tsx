'use client'
import Link from 'next/link'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { DecisionPage, DecisionReference } from '#src/protocol/decisions.ts'
import { ChangeCell } from '#src/ui/changes/change-cell.tsx'
import { directionArrow, intervalWords } from '#src/ui/changes/change-words.ts'
import { unitBeside } from '#src/ui/changes/unit-beside.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { StageIcon } from '#src/ui/marks/stage-icon.tsx'
import { paths } from '#src/ui/paths.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import styles from './decision.module.css'
import { type BenchmarkRow, benchmarkParts, roleWords, wordRows } from './decision-rows.ts'

/** The siblings that are not offered, and where they are compared; null where all are. */
const leftOutWords = ({ siblings, siblings_left_out: left }: DecisionPage): string | null =>
  left === 0 ? null : `The first ${siblings.length} of ${siblings.length + left}; Compare stages takes the others.`

/** Gain, loss and cost against base, parent and a sibling: what an answer to "was it worth it" rests on. */
export function DecisionTable(props: { workspace: string; page: DecisionPage; onSibling: (number: number) => void }) {
  const { workspace, page, onSibling } = props
  const { against, siblings } = page
  const span = against.length + 1
  const part = (title: string, note: string) => (
    <tr className={styles.part}>
      <th scope="rowgroup" colSpan={span}>
        {title} <span>{note}</span>
      </th>
    </tr>
  )
  return (
    <ScrollBox label="Gain, loss and cost against other stages">
      <table className={styles.table} data-columns={against.length}>
        <caption className="visually-hidden">{page.experiment.name} against base, parent and sibling</caption>
        <thead>
          <tr>
            <td />
            {against.map((one) => (
              <th key={one.roles.join()} scope="col">
                <span className={styles.role}>{roleWords(one)}</span>
                <Head workspace={workspace} reference={one} />
                {one.roles.includes('sibling') && siblings.length > 1 ? (
                  <Select
                    aria-label="Sibling"
                    description={leftOutWords(page)}
                    inputWrapperOrder={['input', 'description']}
                    size="xs"
                    mt={4}
                    w={180}
                    value={String(one.experiment.number)}
                    data={siblings.map(({ number, name }) => ({ value: String(number), label: name }))}
                    onChange={(value) => value !== null && onSibling(Number(value))}
                  />
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        {benchmarkParts(page).map(({ title, note, rows }) => (
          <tbody key={title}>
            {part(title, note)}
            {rows.map((row) => (
              <ChangeRow key={row.benchmark.slug} row={row} against={against} />
            ))}
          </tbody>
        ))}
        <tbody>
          {part('In sum', 'means within categories first; cost of the whole path')}
          {wordRows(page).map(({ label, cells }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {cells.map((words, i) => (
                <td
                  key={against[i]?.roles.join()}
                  className={styles.words}
                  data-over={words === 'over budget' || undefined}
                >
                  {words}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Head({ workspace, reference }: { workspace: string; reference: DecisionReference }) {
  const { experiment, checkpoint } = reference
  return (
    <>
      <span className={styles.headName}>
        <StageIcon kind={experiment.stage_kind} size={18} />
        <Link className="link" href={paths.stage(workspace, experiment.project, experiment.number)}>
          {experiment.name}
        </Link>
      </span>
      <span className={styles.headNote}>
        {checkpoint === null ? (
          'no checkpoint'
        ) : (
          <Link href={paths.checkpoint(workspace, checkpoint.id)} title="Where this checkpoint came from">
            step {formatExactCount(checkpoint.step)}
          </Link>
        )}
      </span>
    </>
  )
}

function ChangeRow({ row, against }: { row: BenchmarkRow; against: DecisionPage['against'] }) {
  const { benchmark, changes } = row
  const n = changes[0]?.n ?? null
  const notes = [unitBeside(benchmark), n === null ? 'n not published' : `n ${formatCount(n)}`]
  return (
    <tr>
      <th scope="row">
        {benchmark.name} {directionArrow(benchmark.higher_is_better)}
        <small>{notes.filter((note) => note !== null).join(', ')}</small>
      </th>
      {against.map((one, i) => {
        const change = changes[i]
        const interval = change ? intervalWords(change) : null
        return (
          <td key={one.roles.join()} className={styles.changeCell}>
            <ChangeCell
              cell={change && change.value !== null ? { score: change.value, change } : null}
              benchmark={benchmark}
              note={interval === null ? null : `95 % ${interval}`}
            />
          </td>
        )
      })}
    </tr>
  )
}
