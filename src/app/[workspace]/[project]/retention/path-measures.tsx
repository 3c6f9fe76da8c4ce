'use client'
import { useQuery } from '@tanstack/react-query'
import { formatChange, formatNumber } from '#src/core/format/number.ts'
import type { LineageForgetting } from '#src/protocol/forgetting.ts'
import { changeArrow } from '#src/ui/changes/change-words.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { type MeasureLine, MeasureTable } from './measure-table.tsx'
import styles from './path-measures.module.css'

type Measures = LineageForgetting['measures']
type Measured = Measures['forgetting']

const ROWS: readonly {
  key: Exclude<keyof Measures, 'reason' | 'convention'>
  word: string
  note: string
  isChange: boolean
}[] = [
  {
    key: 'backward_transfer',
    word: 'Backward transfer',
    note: 'from its stage to the leaf; negative was lost',
    isChange: true,
  },
  { key: 'forgetting', word: 'Forgetting F', note: 'best stage minus the leaf; positive was lost', isChange: false },
  { key: 'learning_accuracy', word: 'Learning accuracy', note: 'each target after its own stage', isChange: false },
  { key: 'final_accuracy', word: 'Final accuracy', note: 'all targets at the leaf', isChange: false },
  { key: 'forward_transfer', word: 'Forward transfer', note: 'before its stage, over chance', isChange: true },
  { key: 'lift_over_root', word: 'Lift over the root', note: 'before its stage, over the root', isChange: true },
]

const UNITS = { points: 'points', nats: 'nats', bits_per_byte: 'bpb' } as const

/** The measures of continual learning over the whole path, each with what it was divided by, and every benchmark from end to end. */
export function PathMeasures({ workspace, project, leaf }: { workspace: string; project: string; leaf: number }) {
  const trpc = useTRPC()
  const lineage = useQuery(trpc.forgetting.lineage.queryOptions({ workspace, project, experiment: leaf }))
  return (
    <Section title="Along the whole path" note="targets of the path in normalised points, 95 % intervals">
      <Answer query={lineage} what="The measures of the path" loading={<LoadingRows rows={4} />}>
        {(told) => (
          <ScrollBox label="Measures of the path">
            <div className={styles.tables}>
              <Targets measures={told.measures} />
              <EndToEnd told={told} />
            </div>
          </ScrollBox>
        )}
      </Answer>
    </Section>
  )
}

function Targets({ measures }: { measures: Measures }) {
  if (measures.reason !== null && ROWS.every(({ key }) => measures[key] === null))
    return <p className={styles.quiet}>Not defined: {measures.reason}.</p>
  return (
    <div>
      <MeasureTable lines={ROWS.map((row) => lineOf(row, measures[row.key]))} />
      <p className={styles.quiet}>{measures.convention}</p>
    </div>
  )
}

function lineOf({ key, word, note, isChange }: (typeof ROWS)[number], measured: Measured): MeasureLine {
  const print = isChange ? formatChange : formatNumber
  const line = { key, name: word, note }
  if (measured === null) return { ...line, value: null, interval: '', over: '' }
  const { value, low, high, over } = measured
  const interval = low === null || high === null ? 'no interval' : `${print(low, 1)} to ${print(high, 1)}`
  return { ...line, value: print(value, 1), interval, over: String(over) }
}

/** Changes as a reader would subtract them, new − old: the mark says which way is better. */
function EndToEnd({ told }: { told: LineageForgetting }) {
  if (told.end_to_end.length === 0) return null
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Every benchmark from end to end</caption>
      <thead>
        <tr>
          <th scope="col">From end to end</th>
          <th scope="col">Change</th>
          <th scope="col">95 % interval</th>
          <th scope="col">Against the best before</th>
        </tr>
      </thead>
      <tbody>
        {told.end_to_end.map((row) => {
          const { benchmark, delta, low, high, lost, best } = row
          const turn = benchmark.higher_is_better ? 1 : -1
          const print = (utility: number) => formatChange(turn * utility, row.unit === 'points' ? 1 : 3)
          const [from, to] = turn === 1 ? [low, high] : [high, low]
          return (
            <tr key={benchmark.slug}>
              <th scope="row">
                {benchmark.name}{' '}
                <small>
                  since {row.from.name}, in {UNITS[row.unit]}
                </small>
              </th>
              <td>
                <Direction utility={delta} low={low} high={high} /> {print(delta)}
              </td>
              <td>{from === null || to === null ? 'no interval' : `${print(from)} to ${print(to)}`}</td>
              <td>
                {lost === null ? '–' : print(-lost)}
                {best === null || lost === null ? '' : ` (${best.name})`}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** ▲ gained, ▼ lost; hollow where the interval includes 0. */
function Direction({ utility, low, high }: { utility: number; low: number | null; high: number | null }) {
  if (utility === 0) return null
  const includesZero = low !== null && high !== null && low <= 0 && high >= 0
  const word = utility > 0 ? 'gained' : 'lost'
  return (
    <i className={styles.direction} role="img" aria-label={includesZero ? `${word}, not certain` : word}>
      {changeArrow(utility, !includesZero)}
    </i>
  )
}
