'use client'
import { SegmentedControl, Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQueryStates } from 'nuqs'
import { useRef } from 'react'
import type { Bought } from '#src/protocol/bought.ts'
import type { LineageCost, ProjectCost } from '#src/protocol/cost.ts'
import { PictureMenu } from '#src/ui/charts/picture-menu.tsx'
import {
  axisUnit,
  type BoughtChoice,
  boughtTable,
  isAmount,
  keptAxis,
  leftOutWords,
  nOf,
  panelsOf,
} from '#src/ui/cost/bought-panels.ts'
import type { UnitChoice } from '#src/ui/cost/cost-units.ts'
import { matchedWords } from '#src/ui/cost/matched-words.ts'
import { MEAN_KEPT, meanKept } from '#src/ui/cost/mean-kept.ts'
import { ParetoDrawing } from '#src/ui/cost/pareto.tsx'
import { AXIS_SCALES, PARETO_X, PARETO_X_WORDS, type ParetoX, usualPair } from '#src/ui/cost/prepare-pareto.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { MitigationPart } from '#src/ui/mitigations/mitigation-part.tsx'
import { ReplayPart } from '#src/ui/replay/replay-part.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'

const HEIGHT = 300
/** Of the mean, among the slugs of benchmarks in the address; no slug begins so. */
const MEAN = '-mean'

export interface BoughtPictureProps {
  workspace: string
  project: string
  whole: ProjectCost
  data: LineageCost
  bought: Bought | undefined
  choice: UnitChoice
  lit: string | null
  onLight: (key: string | null) => void
}

/** What the stages bought: the target against what the path cost, and against what should be kept; at equal learning; over replay. */
export function BoughtPicture(props: BoughtPictureProps) {
  const { bought } = props
  const pair = bought ? usualPair(bought) : null
  return (
    <section className={styles.bought} aria-labelledby="bought">
      {bought === undefined ? (
        <Skeleton height={HEIGHT + 30} />
      ) : pair === null ? (
        <>
          <div className={styles.head}>
            <h2 id="bought">What it bought</h2>
          </div>
          <Empty title="Nothing was measured" text="A score of a checkpoint puts its stage on this picture.">
            <CodeBlock
              label="From Python, after a checkpoint was saved:"
              text={'run.log_eval("benchmark", score=0.81, n=128, metric="accuracy", checkpoint=checkpoint)'}
            />
          </Empty>
        </>
      ) : (
        <Picture {...props} bought={bought} pair={pair} />
      )}
    </section>
  )
}

function Picture(props: BoughtPictureProps & { bought: Bought; pair: { target: number; kept: number } }) {
  const { bought, pair, whole, data, choice } = props
  const [view, set] = useQueryStates(ADDRESS)
  const { ref, width } = useElementSize()
  const drawing = useRef<HTMLDivElement>(null)
  const column = (slug: string | null, usual: number) => {
    const found = bought.benchmarks.findIndex((b) => b.slug === slug)
    return found >= 0 ? found : usual
  }
  const x: ParetoX = view.x ?? (choice.unit === 'money' ? 'money' : 'time')
  const target = column(view.target, pair.target)
  const mean = meanKept(bought, target)
  const one = column(view.kept, pair.kept)
  // Replay is told of one benchmark; a mean that is not covered is chosen by nobody.
  const isMean =
    x !== 'replay' && (view.kept === MEAN || (view.kept === null && mean.hidden === null && mean.set.length > 1))
  const ask: BoughtChoice = {
    x,
    target,
    kept: isMean ? MEAN_KEPT : one,
    path: new Set(data.stages.map((stage) => stage.experiment.number)),
    level: view.level,
    scale: view.scale,
    budget: view.budget,
    leaf: data.leaf.number,
  }
  const { panels, yWords, isShared } = panelsOf(bought, whole, choice, ask)
  const table = boughtTable(bought, whole, choice, ask)
  const matched = matchedWords(bought, { ...ask, kept: one })
  const keptWords = keptAxis(bought, ask)?.words ?? null
  const choices = bought.benchmarks.map((b) => ({ value: b.slug, label: b.name }))
  const missing = leftOutWords(panels)
  return (
    <>
      <div className={styles.head}>
        <h2 id="bought">What it bought</h2>
        <span>{nOf(bought, ask)}; hollow: gain not certain; dashes: front</span>
      </div>
      <div className={styles.asks}>
        <Select
          aria-label="Target"
          value={bought.benchmarks[ask.target]?.slug ?? null}
          data={choices}
          onChange={(value) => void set({ target: value })}
        />
        <Select
          aria-label="X axis"
          value={x}
          data={PARETO_X.map((one) => ({ value: one, label: PARETO_X_WORDS[one] }))}
          onChange={(value) => void set({ x: PARETO_X.find((one) => one === value) ?? null })}
        />
        <Select
          aria-label="What is kept"
          value={isMean ? MEAN : (bought.benchmarks[ask.kept]?.slug ?? null)}
          data={
            x === 'replay' || mean.set.length === 0
              ? choices
              : [{ value: MEAN, label: `Mean of ${mean.set.length} kept` }, ...choices]
          }
          onChange={(value) => void set({ kept: value })}
        />
        <PictureMenu name={`${props.project}-bought`} table={table} drawing={drawing} />
      </div>
      {isAmount(x) ? (
        <div className={styles.asks}>
          <SegmentedControl
            aria-label="Scale of the cost axis"
            size="xs"
            value={view.scale}
            onChange={(value) => void set({ scale: AXIS_SCALES.find((one) => one === value) ?? 'linear' })}
            data={[
              { value: 'linear', label: 'Linear' },
              { value: 'log', label: 'Log' },
            ]}
          />
          <NumberInput
            aria-label={`Budget, ${axisUnit(whole, choice, x)}`}
            placeholder={`Budget, ${axisUnit(whole, choice, x)}`}
            size="xs"
            min={0}
            value={view.budget ?? ''}
            onChange={(value) => void set({ budget: typeof value === 'number' && value > 0 ? value : null })}
          />
        </div>
      ) : null}
      <div ref={ref}>
        <div ref={drawing}>
          {width === 0 ? (
            <Skeleton height={HEIGHT} />
          ) : panels.every(({ panel }) => panel.points.length === 0) ? (
            <Empty title="No stage has both a cost and a score here" text={missing ?? undefined} />
          ) : (
            <ParetoDrawing
              panels={panels}
              yWords={yWords}
              isShared={isShared}
              width={width}
              height={HEIGHT}
              lit={props.lit}
              onLight={props.onLight}
              onPick={(experiment) => void set({ path: experiment, pick: null })}
            />
          )}
        </div>
      </div>
      {x === 'replay' ? (
        <>
          <ReplayPart project={props.project} bought={bought} ask={ask} />
          <MitigationPart workspace={props.workspace} project={props.project} />
        </>
      ) : null}
      {keptWords ? <p className={styles.foot}>{keptWords}</p> : null}
      {missing && panels.some(({ panel }) => panel.points.length > 0) ? <p className={styles.foot}>{missing}</p> : null}
      {matched ? (
        <div className={styles.matched}>
          <span>At equal learning, {matched.target} of</span>
          <NumberInput
            aria-label="Level of the target"
            size="xs"
            w={84}
            value={Number(matched.level.toFixed(matched.digits))}
            min={Number(matched.lowest.toFixed(matched.digits))}
            max={Number(matched.highest.toFixed(matched.digits))}
            step={10 ** (1 - matched.digits)}
            decimalScale={matched.digits}
            onChange={(value) => void set({ level: typeof value === 'number' ? value : null })}
          />
          <span>
            (common: {matched.lowest.toFixed(matched.digits)} to {matched.highest.toFixed(matched.digits)}),{' '}
            {matched.kept}:{' '}
            {matched.methods.map(({ name, words }, i) => (
              <span key={name}>
                {i > 0 ? ', ' : ''}
                {name} <b>{words}</b>
              </span>
            ))}
          </span>
        </div>
      ) : null}
    </>
  )
}
