import path from 'node:path'
import type { Claim } from '#src/protocol/agents.ts'
import type { ParamValue } from './check-params.ts'
import { partsOf } from './job-state.ts'

/** Where the files of an input lie. */
export const inputFolder = (folder: string, role: string): string => path.join(partsOf(folder).inputs, role)

/**
 * The variables of the contract between agent and program. `…_PATH` name folders whose files were fetched and verified.
 *
 * @param machine.devices uuids of the GPUs that the job may use; empty for a CPU job
 */
export function contractVariables(
  claim: Claim,
  folder: string,
  params: Readonly<Record<string, ParamValue>>,
  machine: { serverUrl: string; threads: number; devices: readonly string[] },
): Record<string, string | undefined> {
  const parts = partsOf(folder)
  const variables: Record<string, string | undefined> = {
    DESCENT_URL: machine.serverUrl,
    DESCENT_API_KEY: claim.job_token,
    DESCENT_PROJECT: claim.job.project,
    DESCENT_EXPERIMENT: String(claim.job.experiment.number),
    DESCENT_RUN_ID: claim.job.run,
    DESCENT_JOB_ID: claim.job.id,
    DESCENT_ATTEMPT: String(claim.attempt),
    DESCENT_FENCE: String(claim.fence),
    DESCENT_CONFIG: JSON.stringify(params),
    DESCENT_WORK_DIR: parts.work,
    DESCENT_SPOOL_DIR: parts.spool,
    OMP_NUM_THREADS: String(machine.threads),
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    HF_HUB_OFFLINE: '1',
    CUDA_VISIBLE_DEVICES: machine.devices.join(','),
    // Debian's torch is built without libuv, and gloo looks for an interface by the host's name.
    USE_LIBUV: '0',
    GLOO_SOCKET_IFNAME: 'lo',
  }
  for (const input of claim.job.inputs) {
    const role = input.role.toUpperCase()
    variables[`DESCENT_${role}_CHECKPOINT`] = input.checkpoint
    variables[`DESCENT_${role}_PATH`] = inputFolder(folder, input.role)
  }
  if (claim.resume_from) {
    variables.DESCENT_RESUME_FROM = claim.resume_from.checkpoint
    variables.DESCENT_RESUME_PATH = inputFolder(folder, 'resume')
  }
  return variables
}
