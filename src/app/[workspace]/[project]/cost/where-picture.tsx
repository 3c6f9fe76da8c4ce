'use client'
import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useQueryStates } from 'nuqs'
import { type RefObject, useMemo } from 'react'
import type { LineageCost, StageCost } from '#src/protocol/cost.ts'
import { type CostUnit, embodiedIn, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import {
  type Bar,
  PART_WORDS,
  type PartKind,
  prepareWaterfall,
  type Waterfall,
} from '#src/ui/cost/prepare-waterfall.ts'
import { WaterfallDrawing } from '#src/ui/cost/waterfall.tsx'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import { CarbonPanel } from './carbon-panel.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'
import { NotAvailable } from './cost-empty.tsx'

export const PICTURE_HEIGHT = 372

export interface WherePictureProps {
  data: LineageCost
  waterfall: Waterfall
  choice: UnitChoice
  picked: string | null
  lit: string | null
  onPick: (bar: Bar) => void
  onLight: (key: string | null) => void
  /** The picture that is saved. */
  drawing: RefObject<HTMLDivElement | null>
}

/** Where it went: the waterfall in the chosen unit, and CO₂e below it. */
export function WherePicture(props: WherePictureProps) {
  const { data, waterfall, choice, drawing, ...marks } = props
  const [, set] = useQueryStates(ADDRESS)
  const { ref, width } = useElementSize()
  const { unit, currency, device } = choice
  const carbonChoice = useMemo<UnitChoice>(() => ({ unit: 'carbon', currency, device }), [currency, device])
  const carbon = useMemo(() => waterfallOf(data, carbonChoice), [data, carbonChoice])
  const stages = [...data.stages, ...data.abandoned].filter((stage) => stage.role === 'stage')
  const nothing = waterfall.bars.every(
    (bar) =>
      (bar.value === null || bar.value === 0) && (bar.stage === null || embodiedIn(bar.stage, choice.unit) === null),
  )
  return (
    <section className={styles.where} aria-labelledby="where">
      <div className={styles.head}>
        <h2 id="where">Where the {WENT[unit]} went</h2>
        <span>{[whereWords(choice), energyWords(stages, choice)].filter(Boolean).join(', ')}</span>
        <Legend waterfall={waterfall} />
      </div>
      <div ref={ref}>
        <div ref={drawing}>
          {width === 0 ? (
            <Skeleton height={PICTURE_HEIGHT} />
          ) : nothing ? (
            <NotAvailable waterfall={waterfall} unit={unit} onTime={() => void set({ unit: 'time' })} />
          ) : (
            <ScrollBox label="Where it went, as bars">
              <WaterfallDrawing
                waterfall={waterfall}
                choice={choice}
                width={width}
                height={PICTURE_HEIGHT}
                pathWords={`Path to ${data.leaf.name}`}
                {...marks}
              />
            </ScrollBox>
          )}
        </div>
        {unit === 'carbon' || width === 0 ? null : (
          <CarbonPanel data={data} waterfall={carbon} choice={carbonChoice} width={width} {...marks} />
        )}
      </div>
    </section>
  )
}

/** In the shared views branches and other work stand in no leaf: only the path is drawn. */
export function waterfallOf(data: LineageCost, choice: UnitChoice): Waterfall {
  const shareOf = (stage: StageCost) => {
    if (data.view === 'full' || stage.used_by.length <= 1) return 1
    return data.view === 'marginal' ? 0 : 1 / stage.used_by.length
  }
  const isFull = data.view === 'full'
  const begun = (stage: StageCost) => stage.segments.length > 0 || stage.beside.length > 0 || stage.role === 'base'
  const byTime = (a: StageCost, b: StageCost) => (a.started_at ?? '').localeCompare(b.started_at ?? '')
  const stages = data.stages.filter(begun)
  return prepareWaterfall(
    {
      stages: isFull ? stages : stages.map((stage) => ({ ...stage, beside: [] })),
      branches: isFull ? data.abandoned.filter(begun).sort(byTime) : [],
      shareOf,
      modelName: isFull ? 'the model' : data.leaf.name,
      hasProject: isFull,
    },
    choice,
  )
}

function whereWords({ unit, device, currency }: UnitChoice): string {
  switch (unit) {
    case 'time':
      return `time on ${device === 'gpu' ? 'GPUs' : 'CPUs'}, allocated`
    case 'money':
      return currency ?? ''
    case 'flops':
      return 'of training, an estimate'
    case 'energy':
      return 'of the devices'
    case 'carbon':
      return 'of the devices’ energy, by the grid'
  }
}

const WENT: Readonly<Record<CostUnit, string>> = {
  time: 'time',
  money: 'money',
  flops: 'FLOPs',
  energy: 'energy',
  carbon: 'CO₂e',
}

/** How energy is known: measured, at least, or of the data sheet. */
function energyWords(stages: readonly StageCost[], { unit }: UnitChoice): string | null {
  if (unit !== 'energy' && unit !== 'carbon') return null
  const states = stages.map(({ energy }) => energy)
  const measured = states.flatMap((energy) => (energy.state === 'measured' ? [energy] : []))
  const estimated = states.filter(({ state }) => state === 'estimated').length
  const parts = [
    measured.length === 0
      ? null
      : `measured, ${measured.some((energy) => energy.at_least) ? 'at least: gaps in the samples' : 'samples cover it'}`,
    estimated === 0 ? null : `${estimated} of ${states.length} stages from the data sheet’s power, hatched`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join('; ')
}

function Legend({ waterfall }: { waterfall: Waterfall }) {
  const hasBranches = waterfall.bars.some((bar) => bar.group === 'branch')
  const hasWaste = waterfall.bars.some((bar) => bar.group === 'waste')
  const isHatched = (kind: PartKind) => kind === 'idle' || kind === 'rolled_back' || kind === 'duplicate'
  const kinds = waterfall.kinds.filter((kind): kind is PartKind => kind in PART_WORDS)
  const solid = kinds.filter((kind) => !isHatched(kind))
  const words = [...kinds.filter(isHatched).map((kind) => PART_WORDS[kind]), ...(hasWaste ? ['other work'] : [])]
  return (
    <span className={styles.legend}>
      {solid.map((kind) => (
        <span key={kind}>
          <i data-part={kind} /> {PART_WORDS[kind]}
        </span>
      ))}
      {words.length > 0 ? (
        <span>
          <i data-part="hatched" /> {words.join(', ')}
        </span>
      ) : null}
      {hasBranches ? (
        <span>
          <i data-part="branch" /> not continued
        </span>
      ) : null}
    </span>
  )
}
