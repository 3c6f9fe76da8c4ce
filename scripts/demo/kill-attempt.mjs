// Kills one training process in the middle, as a machine that is taken away would: the job goes on from its last checkpoint.
import fs from 'node:fs'
import path from 'node:path'

/** The base saves its first checkpoint after a third of its steps; a kill a little later loses work that can be counted. */
const KILL_FROM = 0.38
const KILL_UNTIL = 0.95
const LOOK_MS = 150

/**
 * Watches the stages of a pipeline until one trains in the middle, and kills that process once.
 *
 * @param agentHome folder of the local agent, which tells the process of each job
 * @returns what was killed, `{ slug, step, total }`; null when `until()` said before that all is over
 */
export async function killOneAttempt(api, project, agentHome, { until, say }) {
  while (!until()) {
    const { cards } = await api.get(`/projects/${project}/lineage`)
    const card = cards.find(isInTheMiddle)
    const pid = card ? pidOf(agentHome, card.slug) : null
    if (card && pid !== null && kill(pid)) {
      const { step, total_steps: total } = card.progress
      say(`Killed the training of ${card.slug} at step ${step} of ${total} (process ${pid}, SIGKILL)`)
      return { slug: card.slug, step, total }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return null
}

function isInTheMiddle({ state, progress }) {
  if (state !== 'running' || !progress?.total_steps) return false
  const share = (progress.step + 1) / progress.total_steps
  return share >= KILL_FROM && share <= KILL_UNTIL
}

/** The process of the training job of a stage; null while it has none. */
function pidOf(agentHome, slug) {
  const jobs = path.join(agentHome, 'jobs')
  for (const name of fs.existsSync(jobs) ? fs.readdirSync(jobs) : []) {
    const file = path.join(jobs, name, 'job.json')
    const state = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
    if (state?.process && state.claim.job.kind === 'train' && state.claim.job.experiment?.slug === slug)
      return state.process.pid
  }
  return null
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}
