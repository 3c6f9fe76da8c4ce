// What the pipeline gave: a table for people and a line for programs.
import { count, decimal, duration, table } from './format.mjs'

const COLUMNS = [
  ['>general bpb', 'general-bpb'],
  ['>domain bpb', 'domain-bpb'],
  ['>format', 'instruction-format'],
  ['>task', 'task-accuracy'],
]

export async function summaryTable(api, project) {
  const [lineage, evaluations] = await Promise.all([
    api.get(`/projects/${project}/lineage`),
    api.get(`/projects/${project}/evaluations`),
  ])
  const rows = lineage.cards
    .filter((c) => !c.is_unstaged)
    .map((card) => {
      const row = evaluations.rows.find((r) => r.experiment.number === card.number && r.of_stage)
      const score = (slug) => decimal(row?.cells[evaluations.benchmarks.findIndex((b) => b.slug === slug)]?.score)
      return [
        card.slug,
        card.stage_kind,
        count(card.tokens),
        duration(card.wall_s),
        ...COLUMNS.map(([, slug]) => score(slug)),
        lossWords(card),
      ]
    })
  return table(
    ['stage', 'kind', '>tokens', '>wall', ...COLUMNS.map(([head]) => head), 'lost most against its parent'],
    rows,
  )
}

function lossWords(card) {
  const worst = card.worst
  if (!worst || worst.change === null || worst.utility >= 0) return card.root ? 'root' : 'nothing'
  const bound = worst.beyond_interval
    ? 'beyond its interval'
    : worst.low === null
      ? 'no interval'
      : 'inside its interval'
  return `${worst.benchmark.name} ${decimal(worst.change, true)}, ${bound}`
}

/** The last line for programs; `more` is told as it is. */
export async function demoLine(api, project, url, recorded, more = {}) {
  const lineage = await api.get(`/projects/${project}/lineage`)
  const runs = await all(api, `/projects/${project}/runs?limit=1000`)
  const experiments = []
  for (const card of lineage.cards.filter((c) => !c.is_unstaged)) {
    const own = runs.filter((r) => r.experiment.number === card.number)
    let points = 0
    for (const run of own) points += (await api.get(`/runs/${run.uid}/metrics`)).keys.reduce((sum, k) => sum + k.n, 0)
    const parent = lineage.edges.find(
      (e) => e.child.number === card.number && ['init', 'adapter_on', 'merge'].includes(e.kind),
    )
    experiments.push({
      number: card.number,
      stageKind: card.stage_kind,
      parent: parent?.parent.number ?? null,
      runs: own.length,
      points,
      checkpoints: card.checkpoints,
      evaluations: card.evaluations,
    })
  }
  return `DEMO ${JSON.stringify({ url, project, recorded, experiments, ...more })}`
}

async function all(api, path) {
  const items = []
  for (let cursor = ''; ; ) {
    const page = await api.get(`${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    items.push(...page.items)
    if (!page.next_cursor) return items
    cursor = page.next_cursor
  }
}
