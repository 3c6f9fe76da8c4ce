import { COVERAGE_ENOUGH, energyWithin } from '#src/core/cost/energy.ts'
import {
  heldMs,
  itemsWithin,
  type TimeLine,
  usualDistance,
  utilisationLine,
  withGaps,
} from '#src/core/cost/hardware-use.ts'
import type { LedgerItem } from '#src/core/cost/ledger.ts'
import { sumTallies } from '#src/core/cost/tally.ts'
import { firstOf, SPEED_KEYS } from '#src/core/lineage/loss-keys.ts'
import { CostAsk } from '#src/protocol/cost.ts'
import type { Energy } from '#src/protocol/cost-physics.ts'
import type { HardwareUse, HardwareUseQuery, UseLine } from '#src/protocol/hardware-use.ts'
import type { Context } from '#src/services/context.ts'
import { invalid } from '#src/services/errors.ts'
import { openRunByNumber } from '#src/services/runs/open.ts'
import { type Gathered, gatherCost } from './gather.ts'
import { energyOfItems, flopsOfStage } from './physics.ts'
import { ownTokens } from './stage-bar.ts'
import { hoursOf, piecesOfItems, viewTotal } from './tell.ts'

const PER_DEVICE = 'tokens_per_second_per_gpu'
/** Some trainers log them for the whole job, some for each device: nothing is reckoned from them. */
const OF_WHAT_IS_UNKNOWN = new Set(['tps', 'throughput'])
const UTIL = /^system\/(.+\/(?:gpu\.\d+|cpu))\.util$/
const POWER = /^system\/(.+\/gpu\.\d+)\.power_w$/

/** A line of the run with the key that it comes from. */
interface KeyedLine extends TimeLine {
  key: string
}

/**
 * How a run used its hardware over time: utilisation and power of each device, speed, MFU, what the devices were held for, and the
 * device-hours, energy and money of a part of the time.
 *
 * @throws Refusal `not_found`, `forbidden`; `invalid_request` where the part ends before it begins
 */
export async function getHardwareUse(
  ctx: Context,
  input: HardwareUseQuery & { workspace?: string | undefined; project: string; run: number },
): Promise<HardwareUse> {
  const { scope, run } = await openRunByNumber(ctx, input, 'cost:read')
  const g = await gatherCost(ctx, scope, [run.experimentId], CostAsk.parse({}), false)
  const all = g.ledger.items.filter(({ runId, segment }) => runId === run.id && segment !== null)
  // Hours of GPUs and of cores are not added up.
  const hasGpu = all.some(({ segment }) => segment?.allocation.deviceKind === 'gpu')
  const items = hasGpu ? all.filter(({ segment }) => segment?.allocation.deviceKind === 'gpu') : all
  const held = heldOf(items)
  if (!held) return { ...EMPTY, run: run.number }
  const [fromMs, toMs] = [millis(input.from) ?? held.fromMs, millis(input.to) ?? held.toMs]
  if (toMs < fromMs)
    throw invalid(
      input.to === undefined ? '/from' : '/to',
      `The part must not end (${iso(toMs)}) before it begins (${iso(fromMs)}).`,
    )

  const stage = g.stages.get(run.experimentId)
  const isOfCheckpoint = g.ends.get(run.experimentId)?.runId === run.id
  const physics = stage && flopsOfStage(g, stage, items, isOfCheckpoint ? ownTokens(g, stage.id) : run.tokens)
  const measured = await readLines(ctx, scope.workspaceId, run, input.px)
  const part = itemsWithin(items, fromMs, toMs)
  return {
    run: run.number,
    held: { from: iso(held.fromMs), to: iso(held.toMs) },
    pieces: piecesOfItems(g, items, ({ kind }) => kind),
    lines: [...measured.map(viewLine), ...mfuLines(measured, items, physics)],
    mfu: physics?.mfu ?? { state: 'not_available', reason: 'its stage is gone' },
    part: partOf(g, run.id, part, fromMs, toMs),
  }
}

const EMPTY: Omit<HardwareUse, 'run'> = {
  held: null,
  pieces: [],
  lines: [],
  mfu: { state: 'not_available', reason: 'no hardware was held' },
  part: null,
}

function heldOf(items: readonly LedgerItem[]): { fromMs: number; toMs: number } | null {
  const segments = items.flatMap(({ segment }) => segment ?? [])
  if (segments.length === 0) return null
  return {
    fromMs: Math.min(...segments.map((s) => s.startMs)),
    toMs: Math.max(...segments.map((s) => s.endMs)),
  }
}

/** Measured where the run sampled power at all, and then never an estimate beside it. */
function energyOfPart(g: Gathered, runId: number, part: readonly LedgerItem[], fromMs: number, toMs: number): Energy {
  const telemetry = g.telemetry.get(runId)
  const periodS = (telemetry?.periodMs ?? 0) / 1000
  if (!telemetry || telemetry.power.length === 0 || periodS <= 0) return energyOfItems(g, part)
  const heldS = heldMs(part) / 1000
  const found = telemetry.power.map(({ timesMs, values }) =>
    energyWithin(
      timesMs.map((ms) => ms / 1000),
      values.map((watts) => Math.max(0, watts)),
      periodS,
      [fromMs / 1000, toMs / 1000],
    ),
  )
  const coveredS = found.reduce((sum, one) => sum + one.coveredS, 0)
  if (coveredS === 0 || heldS === 0) return { state: 'not_available', reason: 'power was not sampled in this part' }
  const coverage = Math.min(1, coveredS / (heldS * found.length))
  return {
    state: 'measured',
    wh: found.reduce((sum, one) => sum + one.wh, 0),
    coverage,
    at_least: coverage < COVERAGE_ENOUGH,
    devices: found.filter((one) => one.coveredS > 0).length,
  }
}

function partOf(
  g: Gathered,
  runId: number,
  part: readonly LedgerItem[],
  fromMs: number,
  toMs: number,
): HardwareUse['part'] {
  const byKind = new Map<LedgerItem['kind'], number>()
  for (const { kind, segment } of part) byKind.set(kind, (byKind.get(kind) ?? 0) + (segment?.deviceHours ?? 0))
  return {
    from: iso(fromMs),
    to: iso(toMs),
    hours: hoursOf(g, part),
    kinds: [...byKind].map(([kind, device_hours]) => ({ kind, device_hours })),
    total: viewTotal(g, sumTallies(part.map(({ cost }) => cost))),
    energy: energyOfPart(g, runId, part, fromMs, toMs),
  }
}

/** Utilisation, power and speed of the run as charts draw them: at most `px` points each, over wall time. */
async function readLines(
  ctx: Context,
  workspaceId: number,
  run: { id: number; number: number; uid: string },
  px: number,
): Promise<KeyedLine[]> {
  const { metrics } = ctx.services
  const summaries = (await metrics.summaries(workspaceId, [run.id])).get(run.id) ?? []
  const keys = summaries.map(({ key }) => key)
  const gpus = keys.filter((key) => UTIL.test(key) && !key.endsWith('/cpu.util'))
  const utils = gpus.length > 0 ? gpus : keys.filter((key) => UTIL.test(key))
  const speed = firstOf(SPEED_KEYS, (key) => (keys.includes(key) ? key : undefined))
  const asked = [...utils, ...keys.filter((key) => POWER.test(key)), ...(speed ? [speed] : [])]
  if (asked.length === 0) return []
  const { series } = await metrics.draw({
    workspaceId,
    runs: [{ id: run.id, number: run.number, uid: run.uid, startedAtMs: null }],
    metrics: asked,
    x: 'time',
    px,
    superseded: false,
  })
  return asked.flatMap((key) => {
    const found = series.find(({ metric }) => metric === key)
    if (!found || found.x.length === 0) return []
    const values = Array.from(found.y, (y) => (Number.isFinite(y) ? y + (found.base ?? 0) : null))
    const timesMs = [...found.x]
    return [{ key, ...withGaps({ timesMs, values }, usualDistance(timesMs)) }]
  })
}

function viewLine({ key, timesMs, values }: KeyedLine): UseLine {
  const util = UTIL.exec(key)?.[1]
  const power = POWER.exec(key)?.[1]
  const of = util
    ? (['utilisation', '%'] as const)
    : power
      ? (['power', 'W'] as const)
      : (['speed', 'tokens/s'] as const)
  return { quantity: of[0], unit: of[1], device: util ?? power ?? null, t: [...timesMs], values: [...values] }
}

function mfuLines(
  measured: readonly KeyedLine[],
  items: readonly LedgerItem[],
  physics: ReturnType<typeof flopsOfStage> | undefined,
): UseLine[] {
  const speed = measured.find(({ key }) => !key.startsWith('system/'))
  if (
    !speed ||
    OF_WHAT_IS_UNKNOWN.has(speed.key) ||
    physics?.mfu.state !== 'measured' ||
    physics.flops.state !== 'reckoned'
  )
    return []
  const { timesMs, values } = utilisationLine(speed, items, {
    flopsPerToken: physics.flops.per_token,
    peakTflops: physics.mfu.peak_tflops,
    isPerDevice: speed.key === PER_DEVICE,
  })
  return [{ quantity: 'mfu', unit: '%', device: null, t: [...timesMs], values: [...values] }]
}

const iso = (ms: number): string => new Date(ms).toISOString()
const millis = (at: string | undefined): number | null => (at === undefined ? null : Date.parse(at))
