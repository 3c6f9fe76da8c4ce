import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import { Claim } from '#src/protocol/agents.ts'
import { privateFolder, readJsonFile, writePrivate } from './private-files.ts'

/** What a restart of this agent must know about a job: who runs it, since when, under which fence. */
const JobState = z.object({
  claim: Claim,
  /** Null until the program has started. */
  process: z.object({ pid: z.number(), start_time: z.string() }).nullable(),
  command: z.string(),
  /** On this machine's clock, ms. */
  started_at: z.number(),
  log_stream: z.string(),
})
export type JobState = z.infer<typeof JobState>

/** The private folder of one attempt of a job. */
export const jobFolder = (jobsDir: string, claim: Claim): string =>
  path.join(jobsDir, `${claim.job.id.replace(/[^0-9a-f-]/gi, '')}.${Number(claim.attempt)}`)

export const partsOf = (folder: string) => ({
  state: path.join(folder, 'job.json'),
  work: path.join(folder, 'work'),
  spool: path.join(folder, 'spool'),
  inputs: path.join(folder, 'inputs'),
  logs: path.join(folder, 'logs'),
})

/** Makes the folders of an attempt. */
export function makeJobFolder(folder: string): void {
  const parts = partsOf(folder)
  for (const part of [folder, parts.work, parts.spool, parts.inputs, parts.logs]) privateFolder(part)
}

export const saveJobState = (folder: string, state: JobState): void =>
  writePrivate(partsOf(folder).state, JSON.stringify(state))

/** Attempts that an earlier life of this agent left behind. A folder without a readable state is answered with null. */
export function leftJobs(jobsDir: string): { folder: string; state: JobState | null }[] {
  if (!fs.existsSync(jobsDir)) return []
  return fs.readdirSync(jobsDir).map((name) => {
    const folder = path.join(jobsDir, name)
    const state = JobState.safeParse(readJsonFile(partsOf(folder).state))
    return { folder, state: state.success ? state.data : null }
  })
}

/**
 * Removes what an attempt left. Records that its program could not send are kept in `unsentDir`, for `python -m descent sync`.
 *
 * @returns where unsent records are, or null
 */
export function removeJobFolder(folder: string, unsentDir: string): string | null {
  const { spool } = partsOf(folder)
  let kept: string | null = null
  if (fs.existsSync(spool) && fs.readdirSync(spool).length > 0) {
    kept = path.join(privateFolder(unsentDir), path.basename(folder))
    fs.renameSync(spool, kept)
  }
  fs.rmSync(folder, { recursive: true, force: true })
  return kept
}
