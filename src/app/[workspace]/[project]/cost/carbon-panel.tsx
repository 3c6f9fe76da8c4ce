'use client'
import { useQueryStates } from 'nuqs'
import { GRID_G_PER_KWH_2023 } from '#src/core/cost/energy.ts'
import type { LineageCost } from '#src/protocol/cost.ts'
import { embodiedIn, type UnitChoice } from '#src/ui/cost/cost-units.ts'
import type { Bar, Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { WaterfallDrawing } from '#src/ui/cost/waterfall.tsx'
import { NumberInput } from '#src/ui/kit/number-input.tsx'
import { Select } from '#src/ui/kit/select.tsx'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import styles from './cost.module.css'
import { ADDRESS } from './cost-address.ts'

const HEIGHT = 200

const COUNTRIES: Readonly<Record<string, string>> = {
  USA: 'United States',
  CHN: 'China',
  IND: 'India',
  DEU: 'Germany',
  GBR: 'United Kingdom',
  FRA: 'France',
  SWE: 'Sweden',
  NOR: 'Norway',
  FIN: 'Finland',
  NLD: 'Netherlands',
  IRL: 'Ireland',
  POL: 'Poland',
  CAN: 'Canada',
  BRA: 'Brazil',
  JPN: 'Japan',
  KOR: 'South Korea',
  SGP: 'Singapore',
  AUS: 'Australia',
  ZAF: 'South Africa',
}

/** The grid and the overhead of the facility by which energy becomes CO₂e. */
export function CarbonAsks() {
  const [view, set] = useQueryStates(ADDRESS)
  return (
    <>
      <Select
        aria-label="Grid"
        placeholder="Country of the grid"
        w={230}
        clearable
        searchable
        value={view.grid}
        data={Object.entries(GRID_G_PER_KWH_2023).map(([code, grams]) => ({
          value: code,
          label: `${COUNTRIES[code] ?? code}, ${grams} g/kWh`,
        }))}
        onChange={(value) => void set({ grid: value })}
      />
      <NumberInput
        aria-label="Power usage effectiveness of the facility"
        prefix="PUE "
        w={96}
        min={1}
        max={5}
        step={0.05}
        decimalScale={2}
        value={view.pue}
        onChange={(value) => void set({ pue: typeof value === 'number' && value >= 1 && value <= 5 ? value : null })}
      />
    </>
  )
}

/** CO₂e below the bars of what it cost, on the same stages; where nothing of it is known, why, in a line. */
export function CarbonPanel(props: {
  data: LineageCost
  waterfall: Waterfall
  choice: UnitChoice
  width: number
  picked: string | null
  lit: string | null
  onPick: (bar: Bar) => void
  onLight: (key: string | null) => void
}) {
  const { data, waterfall, choice, ...rest } = props
  const stages = [...data.stages, ...data.abandoned]
  const isKnown = stages.some((stage) => stage.carbon.state === 'reckoned' || embodiedIn(stage, 'carbon') !== null)
  if (!isKnown) {
    const why = stages.find((stage) => stage.role === 'stage' && stage.carbon.state === 'not_available')?.carbon
    return <p className={styles.foot}>CO₂e{why?.state === 'not_available' ? `: ${why.reason}` : ' is not known'}.</p>
  }
  const source = stages.flatMap(({ carbon }) => (carbon.state === 'reckoned' ? carbon.source : []))[0]
  const without = stages.find((stage) => stage.role === 'stage' && stage.carbon.state === 'not_available')?.carbon
  return (
    <section aria-label="CO₂e">
      <div className={styles.head}>
        <h3>CO₂e</h3>
        <span>
          {source ?? (without?.state === 'not_available' ? `of the stages: ${without.reason}` : 'of no stage known')}
        </span>
      </div>
      <ScrollBox label="CO₂e, as bars">
        <WaterfallDrawing
          waterfall={waterfall}
          choice={choice}
          height={HEIGHT}
          pathWords={`Path to ${data.leaf.name}`}
          {...rest}
        />
      </ScrollBox>
    </section>
  )
}
