// Replays a recorded lifecycle through the same doors: experiments, runs, points, checkpoints (their weights were not kept),
// evaluations with items, console lines. The project is marked as recorded, and the screens say so.
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { inProject } from '../place.mjs'

export const RECORDED = inProject('workers', 'recipes', 'recorded', 'lifecycle.jsonl.gz')

const POINTS_PER_BATCH = 20_000

/** Gives true when every record was taken. Times are moved so that the recording ends now. */
export async function replayRecorded(api, project) {
  const records = gunzipSync(fs.readFileSync(RECORDED)).toString('utf8').trim().split('\n').map(JSON.parse)
  const [head, ...rest] = records
  console.log(`  Recorded on ${head.recorded_at.slice(0, 10)} with ${head.note}; ${rest.length} records`)
  const shift = Date.now() - head.ended_at_ms
  const at = (ms) => new Date(ms + shift).toISOString()
  await api.put(`/projects/${project}`, {
    name: `Lifecycle, recorded`,
    description: `Replayed from a log recorded on ${head.recorded_at.slice(0, 10)}. ${head.note}`,
    recorded: true,
  })

  const runs = new Map()
  const checkpoints = new Map()
  for (const [i, record] of rest.entries()) {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${i + 1} of ${rest.length}`)
    await replay(record)
  }
  if (process.stdout.isTTY) process.stdout.write('\n')
  return true

  async function replay(record) {
    switch (record.kind) {
      case 'experiment':
        return api.put(`/projects/${project}/experiments/${record.slug}`, record.input)
      case 'run': {
        const uid = randomUUID()
        await api.put(`/projects/${project}/runs/${uid}`, { ...record.input, experiment: record.experiment })
        const { attempt } = await api.post(`/runs/${uid}/attempts`, {
          first_step: 0,
          started_at: at(record.started_at_ms),
        })
        runs.set(record.id, { uid, attempt, stream: randomUUID(), seq: 0, logs: randomUUID() })
        return
      }
      case 'points':
        return sendPoints(runs.get(record.run), record)
      case 'lines': {
        const run = runs.get(record.run)
        const lines = record.lines.map((l) => ({ ...l, t: l.t + shift }))
        return api.post(
          `/runs/${run.uid}/logs`,
          { lines },
          { 'X-Stream': run.logs, 'X-Seq': '1', 'X-Attempt': String(run.attempt) },
        )
      }
      case 'checkpoint': {
        const run = runs.get(record.run)
        const { id } = await api.post(`/runs/${run.uid}/checkpoints`, {
          attempt: run.attempt,
          step: record.step,
          tokens: record.tokens,
          location: 'recorded: the weights were not kept',
          metadata: record.metadata,
        })
        checkpoints.set(record.id, id)
        return
      }
      case 'edge': {
        const { child, parent, edge_kind: kind } = record
        return api.post(`/projects/${project}/edges`, {
          child,
          parent,
          kind,
          checkpoint: checkpoints.get(record.checkpoint),
        })
      }
      case 'evaluation':
        return api.post(`/checkpoints/${checkpoints.get(record.checkpoint)}/evaluations`, record.input)
      case 'finish': {
        const run = runs.get(record.run)
        const { last_step: step, total_steps } = record
        if (total_steps != null)
          await api.post(`/runs/${run.uid}/heartbeat`, { attempt: run.attempt, step, total_steps })
        const streams = run.seq ? [{ stream: run.stream, last_seq: run.seq }] : []
        return api.post(`/runs/${run.uid}/finish`, {
          attempt: run.attempt,
          reason: record.reason,
          exit_code: 0,
          ended_at: at(record.ended_at_ms),
          streams,
        })
      }
      default:
        throw new Error(`${RECORDED} holds a record of an unknown kind: ${record.kind}`)
    }
  }

  async function sendPoints(run, { groups }) {
    for (const group of groups) {
      const keys = Object.keys(group.m)
      const steps = Math.max(1, Math.floor(POINTS_PER_BATCH / keys.length))
      for (let from = 0; from < group.step.length; from += steps) {
        const slice = (xs) => xs.slice(from, from + steps)
        const part = {
          step: slice(group.step),
          t: slice(group.t).map((t) => t + shift),
          m: Object.fromEntries(keys.map((k) => [k, slice(group.m[k])])),
        }
        run.seq += 1
        await api.post(
          `/runs/${run.uid}/metrics`,
          { groups: [part] },
          { 'X-Stream': run.stream, 'X-Seq': String(run.seq), 'X-Attempt': String(run.attempt) },
        )
      }
    }
  }
}
