import type { ExperimentStanding } from '#src/core/experiments/experiment-state.ts'
import { optimizerStep } from '#src/core/experiments/optimizer-step.ts'
import type { ExperimentRow } from '#src/db/queries/experiments/find-experiment.ts'
import type { MixtureRow } from '#src/db/queries/experiments/list-mixtures.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { EdgeEnd } from '#src/db/queries/lineage/list-edges.ts'
import type { Experiment, ExperimentRef, MixtureSource } from '#src/protocol/experiments.ts'
import type { Addresses } from '#src/services/workspaces/addresses.ts'
import type { KeptAgainstForgetting } from './kept-against-forgetting.ts'

/** An experiment as links need it. */
export const refOf = (row: Omit<EdgeEnd, 'id'>): ExperimentRef => ({
  project: row.project,
  number: row.number,
  slug: row.slug,
  name: row.name,
  stage_kind: row.stage_kind,
})

/** An experiment's row as links need it. */
export const refOfRow = (row: ExperimentRow, project: string): ExperimentRef =>
  refOf({ project, number: row.number, slug: row.slug, name: row.name, stage_kind: row.stageKind })

/** A data mixture's row as every door shows it. */
export const viewSource = (row: MixtureRow): MixtureSource => ({
  source: row.source,
  role: row.role,
  native_unit: row.nativeUnit,
  native_count: row.nativeCount,
  tokens: row.tokens,
  share: Number(row.share),
  dataset: row.dataset === null ? null : `${row.dataset}@${row.version}`,
})

/** An experiment as every door shows it. */
export const viewExperiment = (
  row: ExperimentRow,
  about: {
    project: string
    standing: ExperimentStanding
    mixture: readonly MixtureRow[]
    kept: KeptAgainstForgetting
    addresses: Addresses
  },
): Experiment => ({
  ...perStep(row),
  project: about.project,
  number: row.number,
  slug: row.slug,
  name: row.name,
  stage_kind: row.stageKind,
  is_unstaged: row.isUnstaged,
  state: about.standing.state,
  method: row.method,
  goal: row.goal,
  purpose: row.purpose,
  objective: row.objective,
  loss_mask: row.lossMask,
  parallelism: row.parallelism,
  precision: row.precision,
  plan: row.plan,
  adapter: row.adapter,
  params: row.params,
  root_kind: row.rootKind,
  root: row.root,
  mixture: about.mixture.map(viewSource),
  owner: row.owner,
  team: row.team,
  chat_template: row.chatTemplate,
  mitigations: { by: about.kept.mitigations.by, tags: [...about.kept.mitigations.tags] },
  reversible: about.kept.reversible,
  created_at: instantOf(row.createdAt),
  url: about.addresses.experiment(about.project, row.number),
})

function perStep(row: ExperimentRow): Pick<Experiment, 'samples_per_step' | 'tokens_per_step'> {
  const { samples, tokens } = optimizerStep(row.parallelism, row.plan)
  return { samples_per_step: samples, tokens_per_step: tokens }
}
