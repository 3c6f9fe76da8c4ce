// Progress of a pipeline in the terminal: one line per stage on a terminal, a line per change elsewhere.
import { count, duration } from './format.mjs'

const BAR = 24

/** Watches until every job has ended. Gives true when all finished. */
export async function followPipeline(api, project, id) {
  const lively = process.stdout.isTTY
  const shown = new Map()
  let drawn = 0
  for (;;) {
    const [pipeline, lineage] = await Promise.all([
      api.get(`/projects/${project}/pipelines/${id}`),
      api.get(`/projects/${project}/lineage`),
    ])
    const cards = pipeline.experiments.map((e) => lineage.cards.find((c) => c.number === e.number)).filter(Boolean)
    const jobs = (card, kind) => pipeline.jobs.filter((j) => j.experiment.number === card.number && j.kind === kind)
    const lines = cards.map((card) => stageLine(card, jobs(card, 'train')[0], jobs(card, 'evaluate')[0]))
    if (lively) {
      if (drawn) process.stdout.write(`\x1b[${drawn}A`)
      for (const line of lines) process.stdout.write(`\x1b[2K${line.slice(0, (process.stdout.columns ?? 100) - 1)}\n`)
      drawn = lines.length
    } else
      for (const [i, card] of cards.entries()) {
        const said = coarse(card, jobs(card, 'train')[0], jobs(card, 'evaluate')[0])
        if (shown.get(card.number) !== said) console.log(lines[i])
        shown.set(card.number, said)
      }
    if (pipeline.ended) {
      for (const job of pipeline.jobs.filter((j) => j.state !== 'finished'))
        console.log(`  ${job.experiment.slug} ${job.kind}: ${job.state}. ${job.reason}`)
      return pipeline.jobs.every((j) => j.state === 'finished')
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

function stageLine(card, train, evaluate) {
  const progress =
    train?.state === 'finished'
      ? 1
      : card.progress?.total_steps
        ? Math.min(1, (card.progress.step + 1) / card.progress.total_steps)
        : 0
  const filled = Math.round(progress * BAR)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR - filled)
  const percent = `${Math.floor(progress * 100)}%`.padStart(4)
  const facts = [
    stateWord(card, train, evaluate),
    card.tokens ? `${count(card.tokens)} tokens` : null,
    train?.state === 'running' && card.progress?.tokens_per_s
      ? `${count(Math.round(card.progress.tokens_per_s))} tok/s`
      : null,
    train?.state === 'running' && card.progress?.seconds_left != null
      ? `${duration(card.progress.seconds_left)} left`
      : null,
    train?.state === 'finished' && card.wall_s ? duration(card.wall_s) : null,
  ].filter(Boolean)
  return `  ${card.slug.padEnd(13)} ${bar} ${percent}  ${facts.join(' · ')}`
}

function stateWord(card, train, evaluate) {
  if (train && train.state !== 'finished') return train.state
  if (evaluate && evaluate.state === 'running') return 'evaluating'
  if (evaluate && evaluate.state !== 'finished') return `trained, evaluation ${evaluate.state}`
  return card.state
}

/** What counts as a change where lines cannot be redrawn: the state, and each quarter of the way. */
const coarse = (card, train, evaluate) =>
  `${stateWord(card, train, evaluate)} ${train?.state === 'running' && card.progress?.total_steps ? Math.floor((4 * card.progress.step) / card.progress.total_steps) : ''}`
