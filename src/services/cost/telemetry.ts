import { nominalPeriod } from '#src/core/cost/energy.ts'
import type { Samples } from '#src/core/cost/work.ts'
import { listKeys } from '#src/db/queries/metrics/list-keys.ts'
import type { Context, Services } from '#src/services/context.ts'

/** Samples of one device of a run, ascending by time. */
export interface DeviceSamples extends Samples {
  /** Machine and device, such as `gpu-7/gpu.0`. */
  device: string
}

/** What the machines of a run sampled while it was at work. */
export interface RunTelemetry {
  /** Utilisation in percent: of its GPUs where there are any, else of the machine's CPU. */
  util: readonly DeviceSamples[]
  /** Power in watts of each GPU, each once. */
  power: readonly DeviceSamples[]
  /** Nominal sampling period, ms; null without samples. */
  periodMs: number | null
}

const NONE: RunTelemetry = { util: [], power: [], periodMs: null }
const KEPT_RUNS_MAX = 2000
const GPU_UTIL = /^system\/(.+\/gpu\.\d+)\.util$/
const CPU_UTIL = /^system\/(.+\/cpu)\.util$/
const GPU_POWER = /^system\/(.+\/gpu\.\d+)\.power_w$/

interface Kept {
  state: string
  telemetry: RunTelemetry
}
const kept = new WeakMap<Services, Map<number, Kept>>()

/** The telemetry of runs that have some, by run id; of a run whose points did not change since it was read from memory. */
export async function readTelemetry(
  ctx: Context,
  workspaceId: number,
  runIds: readonly number[],
): Promise<Map<number, RunTelemetry>> {
  const { metrics, sql } = ctx.services
  const names = (await listKeys(sql, workspaceId)).map(({ name }) => name)
  const keys = names.filter((name) => GPU_UTIL.test(name) || CPU_UTIL.test(name) || GPU_POWER.test(name))
  if (keys.length === 0 || runIds.length === 0) return new Map()
  const sampled = [...(await metrics.summaries(workspaceId, runIds, keys))].filter(([, list]) => list.length > 0)
  const memory = kept.get(ctx.services) ?? new Map<number, Kept>()
  kept.set(ctx.services, memory)
  const found = new Map<number, RunTelemetry>()
  for (const [runId] of sampled) {
    const state = await metrics.chartState([runId])
    const known = memory.get(runId)
    const telemetry = known?.state === state ? known.telemetry : await readRun(ctx, workspaceId, runId)
    memory.delete(runId)
    memory.set(runId, { state, telemetry })
    found.set(runId, telemetry)
  }
  for (const old of [...memory.keys()].slice(0, Math.max(0, memory.size - KEPT_RUNS_MAX))) memory.delete(old)
  return found
}

/** Telemetry of a run that has none. */
export const noTelemetry = (): RunTelemetry => NONE

async function readRun(ctx: Context, workspaceId: number, runId: number): Promise<RunTelemetry> {
  const { series } = await ctx.services.metrics.series(workspaceId, runId)
  const of = async (pattern: RegExp): Promise<DeviceSamples[]> => {
    const lists: DeviceSamples[] = []
    for (const { id, key, attempts } of series) {
      const device = pattern.exec(key)?.[1]
      if (device) lists.push({ device, ...(await readSeries(ctx, runId, id, attempts)) })
    }
    return lists
  }
  const gpus = await of(GPU_UTIL)
  const util = gpus.length > 0 ? gpus : await of(CPU_UTIL)
  const power = await of(GPU_POWER)
  return { util, power, periodMs: nominalPeriod([...((util[0] ?? power[0])?.timesMs ?? [])]) }
}

async function readSeries(
  ctx: Context,
  runId: number,
  metricId: number,
  attempts: readonly number[],
): Promise<{ timesMs: number[]; values: number[] }> {
  const points: [number, number][] = []
  for (const attempt of attempts)
    for await (const piece of ctx.services.metrics.raw(runId, metricId, { attempt }))
      piece.times.forEach((time, i) => {
        const value = piece.values[i] as number
        if (Number.isFinite(value)) points.push([time, value])
      })
  points.sort(([a], [b]) => a - b)
  return { timesMs: points.map(([time]) => time), values: points.map(([, value]) => value) }
}
