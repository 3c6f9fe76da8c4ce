'use client'
import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Baseline } from '#src/core/evaluations/baselines.ts'
import { formatCount, formatExactCount } from '#src/core/format/count.ts'
import type { Benchmark, Change, Evaluation } from '#src/protocol/evaluations.ts'
import type { ForgettingCell, Mean } from '#src/protocol/forgetting.ts'
import type { StagePage } from '#src/protocol/lineage.ts'
import { benchmarkOrder } from '#src/ui/changes/benchmark-order.ts'
import {
  apartSafety,
  changeGroups,
  changeInk,
  changeNumber,
  directionArrow,
  intervalWords,
} from '#src/ui/changes/change-words.ts'
import { Dumbbell, DumbbellAxis } from '#src/ui/changes/dumbbell.tsx'
import { groupScale, sameAxis } from '#src/ui/changes/dumbbell-scale.ts'
import { scoreWords } from '#src/ui/changes/score-digits.ts'
import type { Scale } from '#src/ui/charts/ticks.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Section } from '#src/ui/kit/section.tsx'
import { BudgetCorner, ChangeGlyph, readingWord } from '#src/ui/marks/change-mark.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'
import { StageSeeds } from './stage-seeds.tsx'
import { countWords, fartherWords, meanInterval, meanWords, stateWords, verdictAgainst } from './verdict.ts'

type Props = StagePlace & { page: StagePage; baseline: Baseline; setBaseline: (baseline: Baseline) => void }

/** The stage's checkpoint against the baseline, one row a benchmark; a root shows its scores alone. */
export function StageEvaluations(props: Props) {
  const { page } = props
  const isRoot = page.parents.length === 0
  const step = page.card.checkpoint?.step
  return (
    <Section
      title="Evaluations"
      note={
        page.changes.length > 0
          ? `checkpoint ${step === undefined ? '' : formatExactCount(step)}; hollow: baseline, filled: this stage, tick: budget, dots: chance`
          : undefined
      }
      className={styles.evaluations}
      actions={
        isRoot || page.checkpoints.length === 0 ? undefined : (
          <SegmentedControl
            aria-label="Baseline"
            value={props.baseline}
            onChange={(value) => props.setBaseline(value === 'root' ? 'root' : 'parent')}
            data={[
              { value: 'parent', label: 'Parent' },
              { value: 'root', label: 'Root' },
            ]}
          />
        )
      }
    >
      {page.changes.length > 0 ? (
        <Changes page={page} />
      ) : page.card.scores.length > 0 ? (
        <Scores scores={page.card.scores} />
      ) : (
        <Unmeasured page={page} />
      )}
      {isRoot ? null : <NoBaseline {...props} />}
      <StageSeeds {...props} />
    </Section>
  )
}

function Changes({ page }: { page: StagePage }) {
  const { target, kept, drift } = changeGroups(page.changes)
  const { ability, safety } = apartSafety(kept)
  const verdict = verdictAgainst(page)
  const baseline = page.baseline?.experiment.name ?? 'Baseline'
  const groups = [
    { title: 'Target', note: directionNote(target), changes: target },
    { title: 'To be kept', note: 'worst first', changes: ability },
    { title: 'Safety', note: 'apart from ability', changes: safety },
    { title: 'Drift', note: directionNote(drift), changes: drift },
  ].filter(({ changes }) => changes.length > 0)
  return (
    <>
      <table className={styles.dumbbells}>
        <caption className="visually-hidden">
          {page.card.name} against {baseline}
        </caption>
        {groups.map((group, i) => (
          <Group
            key={group.title}
            {...group}
            cells={verdict.cells}
            baseline={baseline}
            stage={page.card.name}
            first={i === 0}
          />
        ))}
      </table>
      <p className={styles.footnote}>{footnote(page)}</p>
    </>
  )
}

/** The mean of safety, which never enters that of ability; nothing where there is none. */
const safetyWords = (mean: Mean | null): string =>
  mean === null
    ? ''
    : `Safety, apart from ability: mean ${meanWords(mean)}, ${meanInterval(mean) ?? 'no interval'}, ${mean.used} of ${mean.total}.`

function directionNote(changes: readonly Change[]): string {
  const up = changes.filter((change) => change.benchmark.higher_is_better).length
  return up === changes.length ? 'higher is better' : up === 0 ? 'lower is better' : 'arrows say which way is better'
}

/** How the intervals were made, what was corrected, and how many seeds speak. */
function footnote(page: StagePage): string {
  // Counts behind a colon belong to one benchmark; they are read on its row.
  const methods = [
    ...new Set(
      page.changes
        .filter((change) => change.change !== null)
        .flatMap((change) => change.method.split('; '))
        .map((part) => (part.split(':')[0] ?? '').trim())
        // What a row could not have shown belongs to that row.
        .filter((part) => part !== '' && !part.startsWith('could not have shown')),
    ),
  ]
  const seeds = new Set(page.runs.filter((run) => run.kind === 'train').map((run) => run.seed)).size
  const states = countWords(verdictAgainst(page))
  return [
    states ? `To be kept: ${states}.` : '',
    safetyWords(verdictAgainst(page).safety),
    methods.length > 0 ? `Intervals: ${methods.join('; ')}.` : 'No intervals could be made.',
    seeds <= 1
      ? 'One seed: the spread between runs is unknown.'
      : `${seeds} seeds; the interval is over items, not over seeds.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function Group(props: {
  title: string
  note: string
  changes: readonly Change[]
  cells: readonly ForgettingCell[]
  baseline: string
  stage: string
  first: boolean
}) {
  const { changes } = props
  const head = changes[0]
  if (!head) return null
  const shared = changes.filter((change) => sameAxis(change, head))
  const scale = groupScale(shared)
  return (
    <tbody>
      <tr className={styles.groupHead}>
        <th scope="rowgroup">
          {props.title} <span>{props.note}</span>
        </th>
        <td className={styles.plot}>
          <DumbbellAxis scale={scale} />
        </td>
        {props.first ? (
          <>
            <th scope="col" className={styles.right} title={props.baseline}>
              {props.baseline}
            </th>
            <th scope="col" className={styles.right} title={props.stage}>
              {props.stage}
            </th>
            <th scope="col" className={styles.right} colSpan={2}>
              Change, 95 % interval
            </th>
            <th scope="col">Reading</th>
          </>
        ) : (
          <td colSpan={5} />
        )}
      </tr>
      {changes.map((change) => (
        <Row
          key={change.benchmark.slug}
          change={change}
          cell={props.cells.find((cell) => cell.benchmark.slug === change.benchmark.slug)}
          scale={sameAxis(change, head) ? scale : groupScale([change])}
        />
      ))}
    </tbody>
  )
}

function Row({ change, cell, scale }: { change: Change; cell: ForgettingCell | undefined; scale: Scale }) {
  const said = cell ? [stateWords(cell), fartherWords(cell)].filter((words) => words !== null) : []
  const over = change.over_budget === 'certain' || change.over_budget === 'estimate'
  const ink = changeInk(change)
  return (
    <tr className={styles.changeRow}>
      <th scope="row">
        {change.benchmark.name}
        {change.n === null ? null : (
          <span title={`${formatExactCount(change.n)} items`}> n {formatCount(change.n)}</span>
        )}
      </th>
      <td className={styles.plot} data-hatched={change.reading === 'not_comparable' || undefined}>
        <Dumbbell change={change} scale={scale} />
      </td>
      <td className={styles.right}>
        <Score value={change.baseline} benchmark={change.benchmark} quiet />
      </td>
      <td className={styles.right}>
        <Score value={change.value} benchmark={change.benchmark} />
      </td>
      <td className={styles.right}>
        <span className={styles.change} data-ink={ink} title={String(change.change ?? '')}>
          {changeNumber(change)}
        </span>
      </td>
      <td className={styles.interval} title={change.method}>
        {intervalWords(change) ?? '–'}
        {over ? (
          <span className={styles.overMark}>
            <BudgetCorner
              certain={change.over_budget === 'certain'}
              label={change.over_budget === 'certain' ? 'over its budget' : 'its estimate is over the budget'}
            />
          </span>
        ) : null}
      </td>
      <td className={styles.reading}>
        <span className={styles.ink} data-ink={ink}>
          {change.reading === 'not_comparable' || change.reading === 'missing_baseline' ? null : (
            <ChangeGlyph change={change} />
          )}{' '}
          {readingWord(change)}
        </span>
        {change.reading === 'not_comparable' && change.reason ? <small>{change.reason}</small> : null}
        {said.map((words) => (
          <small key={words}>{words}</small>
        ))}
      </td>
    </tr>
  )
}

function Score(props: { value: number | null; benchmark: Benchmark; quiet?: boolean }): ReactNode {
  const { value, benchmark, quiet = false } = props
  if (value === null) return <i className={styles.missing} title="not measured" />
  return (
    <span className={quiet ? 'ink-3' : undefined} title={String(value)}>
      {scoreWords(value, benchmark)}
    </span>
  )
}

/** Scores of a stage that has nothing to be compared with. */
function Scores({ scores }: { scores: readonly Evaluation[] }) {
  return (
    <table className={`${styles.dumbbells} ${styles.scores}`}>
      <caption className="visually-hidden">Scores</caption>
      <tbody>
        <tr className={styles.groupHead}>
          <th scope="col">Benchmark</th>
          <th scope="col" className={styles.right}>
            Score
          </th>
          <th scope="col" className={styles.right}>
            95 % interval
          </th>
          <th scope="col" className={styles.right}>
            n
          </th>
        </tr>
        {[...scores]
          .sort((a, b) => benchmarkOrder(a.benchmark, b.benchmark))
          .map((score) => (
            <tr key={score.id} className={styles.changeRow}>
              <th scope="row">
                {score.benchmark.name}
                <span title={score.benchmark.higher_is_better ? 'higher is better' : 'lower is better'}>
                  {' '}
                  {directionArrow(score.benchmark.higher_is_better)}
                </span>
              </th>
              <td className={styles.right} title={String(score.score)}>
                {scoreWords(score.score, score.benchmark)}
              </td>
              <td className={styles.right}>
                {score.low === null || score.high === null ? (
                  <span className="ink-3" title={score.interval_note ?? undefined}>
                    no interval
                  </span>
                ) : (
                  <span className="ink-2">
                    {scoreWords(score.low, score.benchmark)} to {scoreWords(score.high, score.benchmark)}
                  </span>
                )}
              </td>
              <td className={styles.right} title={score.n_missing ?? undefined}>
                {score.n === null ? <span className="ink-3">{score.n_missing}</span> : formatExactCount(score.n)}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}

function Unmeasured({ page }: { page: StagePage }) {
  const checkpoint = page.card.checkpoint
  if (!checkpoint) return <p className={styles.quiet}>No checkpoint was saved yet; evaluations hang on checkpoints.</p>
  return (
    <div className={styles.fill}>
      <CodeBlock
        wrap
        label={`Checkpoint ${checkpoint.step} was not measured. From Python:`}
        text={evalCommand('benchmark', checkpoint.id)}
      />
    </div>
  )
}

const evalCommand = (benchmark: string, checkpoint: string): string =>
  `descent.run.log_eval("${benchmark}", score=0.81, n=128, metric="accuracy", checkpoint="${checkpoint}")`

/** Says why there is nothing to compare with; what a baseline lacks stands in the head of the page. */
function NoBaseline({ page, baseline }: Props) {
  if (page.baseline !== null || page.checkpoints.length === 0) return null
  return (
    <p className={styles.quiet}>No baseline: the {baseline} has no checkpoint that this stage can be compared with.</p>
  )
}
