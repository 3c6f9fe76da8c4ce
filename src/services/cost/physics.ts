/** Energy, carbon, FLOPs and utilisation of the hardware that items held; what no sensor or card tells is not available, with the reason. */
import { CPU_CORE, specOf } from '#src/core/cost/device-specs.ts'
import { COVERAGE_ENOUGH, co2Kg, energyOf, facilityKwh, GRID_G_PER_KWH_2023 } from '#src/core/cost/energy.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { paramsOf } from '#src/core/cost/model-shape.ts'
import { scoringModels } from '#src/core/cost/policy-stage.ts'
import { stageFlops } from '#src/core/cost/stage-flops.ts'
import { alertOf, mfu } from '#src/core/cost/utilisation.ts'
import { groupBy } from '#src/core/lineage/group-by.ts'
import type { CostStageRow } from '#src/db/queries/cost/list-cost-stages.ts'
import type { StageCost } from '#src/protocol/cost.ts'
import type { Energy } from '#src/protocol/cost-physics.ts'
import { invalid } from '#src/services/errors.ts'
import { deviceOf, type Gathered } from './gather.ts'
import type { RunTelemetry } from './telemetry.ts'
import { within } from './tell.ts'

const MS_PER_S = 1000

const NO_CPU_PEAK = 'not available on this machine: CPU cores have no published peak'

const notAvailable = (reason: string) => ({ state: 'not_available' as const, reason })

/** What was integrated of one run between two times. */
interface Integrated {
  wh: number
  /** Seconds from first to last sample of each device, and of these those that were integrated. */
  elapsedS: number
  integratedS: number
  devices: number
}

/** Runs are asked for again at every leaf that uses them. */
const integrals = new WeakMap<RunTelemetry, Map<string, Integrated>>()

function integrate(telemetry: RunTelemetry, fromMs: number, toMs: number): Integrated {
  const known = integrals.get(telemetry) ?? new Map<string, Integrated>()
  integrals.set(telemetry, known)
  const key = `${fromMs} ${toMs}`
  const kept = known.get(key)
  if (kept) return kept
  const sum: Integrated = { wh: 0, elapsedS: 0, integratedS: 0, devices: 0 }
  for (const samples of telemetry.power) {
    const { timesMs, values } = within(samples, fromMs, toMs)
    if (new Set(timesMs).size < 2) continue
    const { wh, coverage } = energyOf(
      timesMs.map((ms) => ms / MS_PER_S),
      values.map((watts) => Math.max(0, watts)),
      (telemetry.periodMs ?? 0) / MS_PER_S,
    )
    const seconds = ((timesMs.at(-1) as number) - (timesMs[0] as number)) / MS_PER_S
    sum.wh += wh
    sum.integratedS += coverage * seconds
    sum.elapsedS += seconds
    sum.devices++
  }
  known.set(key, sum)
  return sum
}

/** Energy of the GPUs that items held: from samples of power, else from the data sheet as an estimate. */
export function energyOfItems(g: Gathered, items: readonly LedgerItem[]): Energy {
  const segments = items.flatMap(({ segment }) => segment ?? [])
  if (segments.length === 0) return notAvailable('no hardware was held')
  const found = [...groupBy(segments, (s) => s.allocation.runId)].flatMap(([runId, mine]) => {
    const telemetry = g.telemetry.get(runId)
    if (!telemetry?.periodMs) return []
    return integrate(telemetry, Math.min(...mine.map((s) => s.startMs)), Math.max(...mine.map((s) => s.endMs)))
  })
  const sum = (pick: keyof Integrated) => found.reduce((total, one) => total + one[pick], 0)
  if (sum('devices') === 0) return estimate(segments)
  const sampledRuns = found.filter(({ devices }) => devices > 0).length
  const coverage = sum('integratedS') / sum('elapsedS')
  const isPart = sampledRuns < new Set(segments.map((s) => s.allocation.runId)).size
  return {
    state: 'measured',
    wh: sum('wh'),
    coverage,
    at_least: coverage < COVERAGE_ENOUGH || isPart,
    devices: sum('devices'),
  }
}

function estimate(segments: readonly NonNullable<LedgerItem['segment']>[]): Energy {
  const names = [...new Set(segments.map((s) => deviceOf(s.allocation)))]
  if (names.includes(CPU_CORE)) return notAvailable('not available on this machine: no sensor of power')
  let [wh, watts] = [0, 0]
  for (const segment of segments) {
    const tdp = specOf(deviceOf(segment.allocation))?.tdpWatts ?? null
    if (tdp === null) return notAvailable(`no samples of power, and no published power of ${names.join(', ')}`)
    wh += tdp * segment.deviceHours
    watts = tdp
  }
  return { state: 'estimated', wh, watts, reason: 'no samples of power: data-sheet power over all allocated time' }
}

/** CO₂ of an energy, by the yearly mean of a national grid where the caller named one. */
export function carbonOf(g: Gathered, energy: Energy): StageCost['carbon'] {
  const { grid, pue } = g.ask
  if (energy.state === 'not_available')
    return notAvailable(energy.reason.startsWith('not available') ? energy.reason : `no energy: ${energy.reason}`)
  if (grid === undefined) return notAvailable('no grid was named: choose a country')
  const grams = GRID_G_PER_KWH_2023[grid.toUpperCase()]
  if (grams === undefined)
    throw invalid('/grid', `grid must be one of ${Object.keys(GRID_G_PER_KWH_2023).join(', ')}, got ${grid}.`)
  const kwh = facilityKwh(1, energy.wh, pue)
  return {
    state: 'reckoned',
    kg_co2e: co2Kg(kwh, grams / 1000),
    kg_per_kwh: grams / 1000,
    source: `mean of ${grid.toUpperCase()} in 2023, location-based; PUE ${pue}`,
  }
}

/** FLOPs of a stage and the utilisation of what its training held. */
export function flopsOfStage(
  g: Gathered,
  stage: CostStageRow,
  items: readonly LedgerItem[],
  tokens: number | null,
): Pick<StageCost, 'flops' | 'mfu'> {
  const work = items.filter(({ kind, segment }) => kind === 'work' && segment !== null)
  const config = g.runs.get(work[0]?.runId ?? 0)?.config ?? {}
  const isOnCpu = work.some(({ segment }) => segment && deviceOf(segment.allocation) === CPU_CORE)
  const none = (reason: string) => ({
    flops: notAvailable(reason),
    mfu: notAvailable(isOnCpu ? NO_CPU_PEAK : reason),
  })
  if (stage.rootKind === 'external_base' || stage.rootKind === 'api_model') return none('trained elsewhere')
  const paramsOfStage = (id: number) => g.stages.get(id)?.params ?? paramsOf(g.told.get(id) ?? {})
  const models = scoringModels(g.edges, stage.id, paramsOfStage)
  const found = stageFlops(stage, g.told.get(stage.id) ?? {}, config, models)
  if ('reason' in found) return none(found.reason)
  const { rule, params, words } = found
  if (!tokens) return none(`the number of ${rule === 'policy' ? 'generated ' : ''}tokens is not told`)
  const perToken = found.withAttention ?? found.perToken
  return {
    flops: {
      state: 'reckoned',
      flops: perToken * tokens,
      per_token: perToken,
      method: words,
      estimate: true,
    },
    mfu: mfuOf(stage, work, { params, tokens, perToken }),
  }
}

function mfuOf(
  stage: CostStageRow,
  work: readonly LedgerItem[],
  { params, tokens, perToken }: { params: number; tokens: number; perToken: number },
): StageCost['mfu'] {
  const segments = work.flatMap(({ segment }) => segment ?? [])
  const devices = [...new Set(segments.map((s) => deviceOf(s.allocation)))]
  const [device] = devices
  if (!device) return notAvailable('no hardware was held')
  if (devices.length > 1) return notAvailable(`several kinds of devices: ${devices.join(', ')}`)
  if (device === CPU_CORE) return notAvailable(NO_CPU_PEAK)
  const precision = stage.precision?.compute?.toLowerCase() ?? null
  if (precision !== 'bf16' && precision !== 'fp16')
    return notAvailable(precision ? `no dense peak for ${precision}` : 'the precision of the stage is not told')
  const peak = specOf(device)?.peakTflops[precision]
  if (!peak) return notAvailable(`no published dense ${precision} peak of ${device}`)
  const chipSeconds = segments.reduce((sum, s) => sum + s.deviceHours * 3600, 0)
  if (chipSeconds === 0) return notAvailable('no time was held')
  // Utilisation per chip-second: one chip with the mean rate of all.
  const found = mfu(params, { tokensPerS: tokens / chipSeconds, chips: 1, peakTflops: peak })
  const pct = (found.withoutAttentionPct * perToken) / (6 * params)
  return { state: 'measured', pct, peak_tflops: peak, precision, alert: alertOf(pct) }
}
