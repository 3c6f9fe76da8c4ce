/**
 * Energy from samples of power, and what it weighed in CO₂.
 *
 *   joule = Σ (t_{k+1} − t_k)(P_k + P_{k+1})/2    over intervals of at most 3 nominal periods; a longer one is a gap and not integrated
 *   kWh   = device-hours · watts · PUE / 1000      where nothing was sampled
 *   CO₂e  = kWh · grid intensity
 *
 * The gap rule is a convention of this product.
 */

/** A gap is longer than so many nominal sampling periods. */
const GAP_PERIODS = 3

/** Below this share of the time covered, energy is told as "at least". */
export const COVERAGE_ENOUGH = 0.95

const JOULE_PER_WH = 3600

export interface Energy {
  joule: number
  wh: number
  /** Integrated time ÷ time from the first to the last sample, 0…1. */
  coverage: number
  /** True: gaps are large enough that the real energy is higher. */
  atLeast: boolean
}

/**
 * The energy of one device by the trapezoid rule.
 *
 * @param timesS seconds, and `watts` parallel to it, in any order; of equal times the last counts
 * @param periodS nominal sampling period in seconds
 * @throws RangeError when the lengths differ, fewer than 2 times are distinct, or a value is out of its domain (power below 0, period ≤ 0)
 */
export function energyOf(timesS: readonly number[], watts: readonly number[], periodS: number): Energy {
  if (timesS.length !== watts.length)
    throw new RangeError(`times and watts run in parallel, got ${timesS.length} and ${watts.length}`)
  if (!(periodS > 0 && Number.isFinite(periodS))) throw new RangeError(`period_s must be above 0, got ${periodS}`)
  const samples = new Map<number, number>()
  timesS.forEach((time, i) => {
    const power = watts[i] as number
    if (!Number.isFinite(time)) throw new RangeError(`t_s[${i}] must be a time in seconds, got ${time}`)
    if (!(power >= 0 && Number.isFinite(power)))
      throw new RangeError(`w[${i}] must be watts of 0 or more, got ${power}`)
    samples.set(time, power)
  })
  if (samples.size < 2) throw new RangeError(`energy needs 2 distinct times, got ${samples.size}`)
  const sorted = [...samples].sort(([a], [b]) => a - b)
  let [joule, integrated] = [0, 0]
  for (let i = 0; i + 1 < sorted.length; i++) {
    const [[from, before], [to, after]] = [sorted[i], sorted[i + 1]] as [[number, number], [number, number]]
    if (to - from > GAP_PERIODS * periodS) continue
    joule += ((to - from) * (before + after)) / 2
    integrated += to - from
  }
  const elapsed = (sorted.at(-1)?.[0] as number) - (sorted[0]?.[0] as number)
  const coverage = integrated / elapsed
  return { joule, wh: joule / JOULE_PER_WH, coverage, atLeast: coverage < COVERAGE_ENOUGH }
}

/**
 * The energy of one device between two times, with what lies between an edge and the samples beside it: parts of a time add up to the
 * whole, wherever it is cut.
 *
 * @param timesS seconds, ascending, and `watts` parallel to it
 * @param periodS nominal sampling period in seconds, above 0
 * @returns watt-hours, and the seconds of the part that samples cover
 */
export function energyWithin(
  timesS: readonly number[],
  watts: readonly number[],
  periodS: number,
  [fromS, toS]: readonly [number, number],
): { wh: number; coveredS: number } {
  let [joule, coveredS] = [0, 0]
  for (let i = 0; i + 1 < timesS.length; i++) {
    const [start, end] = [timesS[i] as number, timesS[i + 1] as number]
    const [from, to] = [Math.max(start, fromS), Math.min(end, toS)]
    if (to <= from || end - start > GAP_PERIODS * periodS) continue
    const [before, after] = [watts[i] as number, watts[i + 1] as number]
    const at = (second: number) => before + ((after - before) * (second - start)) / (end - start)
    joule += ((to - from) * (at(from) + at(to))) / 2
    coveredS += to - from
  }
  return { wh: joule / JOULE_PER_WH, coveredS }
}

/** The middle interval of ascending times: what a sampler's period was; null with fewer than 2. */
export function nominalPeriod(times: readonly number[]): number | null {
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number))
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? null
}

/**
 * Energy that facilities drew for hours of devices, in kWh.
 *
 * @param pue power usage effectiveness of the facility, 1 or more
 * @throws RangeError for hours or watts below 0, or a PUE below 1
 */
export function facilityKwh(deviceHours: number, watts: number, pue = 1): number {
  if (!(deviceHours >= 0)) throw new RangeError(`device-hours must be 0 or more, got ${deviceHours}`)
  if (!(watts >= 0)) throw new RangeError(`watts must be 0 or more, got ${watts}`)
  if (!(pue >= 1)) throw new RangeError(`pue must be 1 or more, got ${pue}`)
  return (deviceHours * watts * pue) / 1000
}

/** Published grid factors above this are a mistaken unit (kg/MWh). */
export const KG_PER_KWH_MAX = 2

/**
 * Kilograms of CO₂e of energy.
 *
 * @throws RangeError for an intensity outside 0…2 kg/kWh: pages sometimes print kg/MWh as kg/kWh
 */
export function co2Kg(kwh: number, kgPerKwh: number): number {
  if (!(kgPerKwh >= 0 && kgPerKwh <= KG_PER_KWH_MAX))
    throw new RangeError(`kg_per_kwh must lie in 0…${KG_PER_KWH_MAX}, got ${kgPerKwh}; is it per MWh?`)
  return kwh * kgPerKwh
}

/**
 * The grid intensity that a model card's numbers imply, in kg/kWh; holds all overhead that the card did not tell apart. Null without energy.
 *
 * @throws RangeError as `facilityKwh`, or for kg below 0
 */
export function impliedIntensity(deviceHours: number, watts: number, kg: number): number | null {
  if (!(kg >= 0)) throw new RangeError(`kg must be 0 or more, got ${kg}`)
  const kwh = facilityKwh(deviceHours, watts)
  return kwh > 0 ? kg / kwh : null
}

/** g CO₂e per kWh of national grids in 2023, by ISO 3166 alpha-3, as the tool CodeCarbon keeps them. */
export const GRID_G_PER_KWH_2023: Readonly<Record<string, number>> = {
  USA: 369.5,
  CHN: 582.3,
  IND: 713.4,
  DEU: 381.0,
  GBR: 237.6,
  FRA: 56.0,
  SWE: 40.7,
  NOR: 30.1,
  FIN: 79.2,
  NLD: 267.6,
  IRL: 290.8,
  POL: 661.9,
  CAN: 170.0,
  BRA: 98.3,
  JPN: 485.4,
  KOR: 430.6,
  SGP: 470.8,
  AUS: 548.7,
  ZAF: 707.7,
}
