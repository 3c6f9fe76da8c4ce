// Records a finished project of a running server as the log that `npm run demo -- --recorded` replays.
//   DESCENT_API_KEY=… node scripts/record-demo.mjs PROJECT [http://127.0.0.1:7070]
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { openApi } from './demo/api.mjs'
import { RECORDED } from './demo/replay-recorded.mjs'

const [project, server = 'http://127.0.0.1:7070'] = process.argv.slice(2)
if (!project || !process.env.DESCENT_API_KEY) {
  console.error('DESCENT_API_KEY=… node scripts/record-demo.mjs PROJECT [SERVER]')
  process.exit(1)
}
const api = openApi(server, process.env.DESCENT_API_KEY)
const records = []
const lineage = await api.get(`/projects/${project}/lineage`)
const runs = (await all(`/projects/${project}/runs?limit=1000`)).sort((a, b) => a.number - b.number)
const table = await api.get(`/projects/${project}/evaluations`)
const ended = Math.max(...runs.map((r) => Date.parse(r.ended_at)))

for (const card of lineage.cards.filter((c) => !c.is_unstaged).sort((a, b) => a.number - b.number)) {
  const experiment = await api.get(`/projects/${project}/experiments/${card.number}`)
  const parents = lineage.edges
    .filter((e) => e.child.number === card.number)
    .map((e) => ({ experiment: e.parent.slug, kind: e.kind }))
  const {
    name,
    stage_kind: stage,
    method,
    goal,
    purpose,
    objective,
    loss_mask,
    parallelism,
    precision,
    plan,
    adapter,
    params,
    root,
    mixture,
  } = experiment
  records.push({
    kind: 'experiment',
    slug: card.slug,
    input: {
      name,
      stage,
      method,
      goal,
      purpose,
      objective,
      loss_mask,
      parallelism,
      precision,
      plan,
      adapter,
      params,
      root,
      parents,
      mixture,
      benchmarks: experiment.benchmarks ?? [],
    },
  })
}
for (const run of runs) records.push(...(await recordRun(run)))
for (const edge of lineage.edges.filter((e) => e.checkpoint))
  records.push({
    kind: 'edge',
    child: edge.child.slug,
    parent: edge.parent.slug,
    edge_kind: edge.kind,
    checkpoint: edge.checkpoint.id,
  })
for (const row of table.rows) for (const cell of row.cells) if (cell) records.push(await recordEvaluation(row, cell))

const head = {
  kind: 'head',
  version: 1,
  recorded_at: new Date(ended).toISOString(),
  ended_at_ms: ended,
  note: `${os.cpus().length} cores, ${process.platform} ${process.arch}, one seed`,
}
fs.mkdirSync(path.dirname(RECORDED), { recursive: true })
fs.writeFileSync(RECORDED, gzipSync([head, ...records].map((r) => JSON.stringify(r)).join('\n'), { level: 9 }))
console.log(`${records.length} records, ${fs.statSync(RECORDED).size} bytes: ${RECORDED}`)

async function recordRun(run) {
  const detail = await api.get(`/runs/${run.uid}`)
  const { keys } = await api.get(`/runs/${run.uid}/metrics`)
  const { host: _h, platform: _p, cwd: _d, command: _c, git: _g, packages, ...environment } = detail.environment ?? {}
  // What the agent gave it, not what the machine has: two jobs at a time would hold each core twice.
  const held = detail.allocations[0]
  if (held?.device_kind === 'cpu') environment.cpu = { ...environment.cpu, count: held.count }
  const own = [
    {
      kind: 'run',
      id: run.number,
      experiment: run.experiment.slug,
      started_at_ms: Date.parse(run.started_at ?? run.created_at),
      input: {
        kind: run.kind,
        name: run.name,
        config: withoutPaths(detail.config),
        environment: { ...environment, packages: packages && { torch: packages.torch, numpy: packages.numpy } },
        seed: run.seed,
        tags: run.tags,
      },
    },
  ]
  const groups = await pointsOf(
    run,
    keys.map((k) => k.key),
  )
  if (groups.length) own.push({ kind: 'points', run: run.number, groups })
  const log = await api.get(`/runs/${run.uid}/logs?from=0&limit=1000`)
  if (log.lines.length)
    own.push({
      kind: 'lines',
      run: run.number,
      lines: log.lines.map(({ t, fd, text }) => ({ t, fd, text: text.replaceAll(/(\/[\w.-]+){2,}/g, '…') })),
    })
  for (const c of (await api.get(`/runs/${run.uid}/checkpoints`)).items)
    own.push({
      kind: 'checkpoint',
      id: c.id,
      run: run.number,
      step: c.step,
      tokens: c.tokens,
      metadata: withoutPaths(c.metadata),
    })
  own.push({
    kind: 'finish',
    run: run.number,
    reason: run.state === 'finished' ? 'finished' : 'failed',
    last_step: run.last_step,
    total_steps: run.total_steps,
    ended_at_ms: Date.parse(run.ended_at),
  })
  return own
}

/** All points of a run, exact, as groups of keys that share their steps. */
async function pointsOf(run, keys) {
  const series = new Map()
  for (const x of ['step', 'time'])
    for (let from = 0; from < keys.length; from += 50) {
      const answer = await api.post('/chart', {
        project,
        runs: [run.number],
        metrics: keys.slice(from, from + 50),
        x,
        px: 4000,
      })
      for (const s of answer.series) {
        if (!s.exact) throw new Error(`${s.metric} of run ${run.number} has too many points to be recorded exactly`)
        series.set(s.metric, { ...series.get(s.metric), [x]: floats(s.x), y: floats(s.y) })
      }
    }
  const groups = new Map()
  for (const [key, { step, time, y }] of series) {
    const axis = JSON.stringify(step)
    if (!groups.has(axis)) groups.set(axis, { step, t: time.map(Math.round), m: {} })
    groups.get(axis).m[key] = y.map((v) =>
      Number.isNaN(v) ? 'NaN' : v === Infinity ? 'Infinity' : v === -Infinity ? '-Infinity' : v,
    )
  }
  return [...groups.values()]
}

async function recordEvaluation(row, cell) {
  const evaluation = await api.get(`/evaluations/${cell.id}`)
  const items = await all(`/evaluations/${cell.id}/items?limit=1000`)
  const { slug, name, category, kind, higher_is_better, chance, best, unit } = evaluation.benchmark
  const { metric, protocol, seed, score, scale, stderr, n, n_clusters, source } = evaluation
  return {
    kind: 'evaluation',
    checkpoint: row.checkpoint.id,
    input: {
      benchmark: { slug, name, category, kind, higher_is_better, chance, best, unit },
      metric,
      protocol,
      seed: seed || null,
      score,
      scale,
      stderr,
      n,
      n_clusters,
      source,
      items,
    },
  }
}

function floats(base64) {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i))
}

/** Folders of the machine that recorded say nothing to others. */
function withoutPaths(object) {
  return Object.fromEntries(
    Object.entries(object ?? {}).filter(([, v]) => typeof v !== 'string' || !path.isAbsolute(v)),
  )
}

async function all(address) {
  const items = []
  for (let cursor = ''; ; ) {
    const page = await api.get(`${address}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    items.push(...page.items)
    if (!page.next_cursor) return items
    cursor = page.next_cursor
  }
}
