/** Was a stage worth it: what it gained, lost and cost against its base, parent and sibling, and what people decided. */
import * as z from 'zod'
import { MISSING_WORDS } from '../core/comparisons/stage-rows.ts'
import { DECISIONS, REASON_MAX, REFERENCE_ROLES } from '../core/decisions/decisions.ts'
import { Change } from './evaluations.ts'
import { EXPERIMENT_STATES, ExperimentRef } from './experiments.ts'
import { ForgettingVerdict } from './forgetting.ts'
import { Count, ExperimentName, Instant, Uid } from './words.ts'

const MoneyCell = z.object({
  text: z.string().nullable(),
  missing: z.enum(MISSING_WORDS).nullable().meta({ description: 'why there is no amount' }),
})

/** A decision as somebody wrote it down. */
export const DecisionView = z
  .object({
    revision: z.number().int().min(1),
    decision: z.enum(DECISIONS),
    reason: z.string().meta({ description: 'Markdown' }),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'Decision' })
export type DecisionView = z.infer<typeof DecisionView>

export const DecisionInput = z
  .object({
    decision: z.enum(DECISIONS),
    reason: z.string().trim().min(1, 'say why').max(REASON_MAX).meta({ description: 'Markdown' }),
    revision: z
      .number()
      .int()
      .min(0)
      .meta({ description: 'of the decision that this one replaces; 0 where there was none' }),
  })
  .meta({ id: 'DecisionInput' })
export type DecisionInput = z.infer<typeof DecisionInput>

/** The stage against one other. */
export const DecisionReference = z
  .object({
    roles: z.array(z.enum(REFERENCE_ROLES)).meta({ description: 'the parent of a second stage is its base too' }),
    experiment: ExperimentRef,
    checkpoint: z.object({ id: Uid, step: Count }).nullable(),
    /** One per benchmark measured on the stage: targets first, then the worst first. */
    changes: z.array(Change),
    reading: z.object({
      title: z.string(),
      gained: z.number().int(),
      lost: z.number().int(),
      unclear: z.number().int(),
      apart: z.number().int(),
    }),
    /** Money of its whole path, and how much more the stage’s own path took. */
    path_cost: MoneyCell,
    more_cost: MoneyCell,
    /** What a unit of the mean target gain took; only along the path, and only where the gain is certain. */
    per_gain: z.object({
      text: z.string().nullable(),
      low: z.string().nullable(),
      high: z.string().nullable(),
      unit: z.string().nullable(),
      reason: z.string().nullable(),
    }),
    /** Means with their intervals and the verdict of the budget; null against a sibling, which no budget is about. */
    verdict: ForgettingVerdict.pick({
      target: true,
      retention: true,
      safety: true,
      drift: true,
      worst: true,
      budget: true,
    }).nullable(),
  })
  .meta({ id: 'DecisionReference' })
export type DecisionReference = z.infer<typeof DecisionReference>

export const DecisionQuery = z.object({
  sibling: ExperimentName.optional().meta({
    description: 'the sibling to be held against, by number or slug; the one measured most alike when absent',
  }),
})
export type DecisionQuery = z.infer<typeof DecisionQuery>

export const DecisionPage = z
  .object({
    experiment: ExperimentRef,
    state: z.enum(EXPERIMENT_STATES),
    checkpoint: z.object({ id: Uid, step: Count }).nullable(),
    /** Base, parent and sibling as far as there are any; empty for a root. */
    against: z.array(DecisionReference),
    /** Other stages that began where this one did. */
    siblings: z.array(ExperimentRef),
    /** Siblings beyond the first 50 by number, which are not compared here. */
    siblings_left_out: Count,
    cost: z.object({ own: MoneyCell, path: MoneyCell, note: z.string().nullable() }),
    /** What the numbers say by rule, as a draft for whoever decides. */
    proposal: z.object({ decision: z.enum(DECISIONS), reason: z.string() }),
    /** What holds; null: nobody decided yet. */
    decision: DecisionView.nullable(),
    /** Earlier ones, the newest first. */
    earlier: z.array(DecisionView),
  })
  .meta({ id: 'DecisionPage' })
export type DecisionPage = z.infer<typeof DecisionPage>
