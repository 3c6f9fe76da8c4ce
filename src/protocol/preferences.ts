/** Pairwise preferences on the wire: battles in, ratings out. */
import * as z from 'zod'
import { RATER_KINDS, TIE_RULES, WINNERS } from '../core/preferences/battles.ts'
import { ExperimentRef } from './experiments.ts'
import { Count, Instant, Uid } from './words.ts'

export const BATTLES_PER_CALL_MAX = 10_000
/** Battles that a rating is made of: the newest ones. */
export const BATTLES_READ_MAX = 20_000

/** A checkpoint of the project by its id, or a model that has none here by name and version. */
const Side = z.string().trim().min(1).max(128).meta({
  description: 'id of a checkpoint of the project, or name and version of a model that has none here',
})
const Length = z.number().min(0).max(Number.MAX_SAFE_INTEGER).nullish()

export const BattleInput = z.object({
  id: z.string().min(1).max(128).meta({ description: 'yours; a battle that comes again under its id changes nothing' }),
  a: Side,
  b: Side,
  winner: z.enum(WINNERS),
  prompt: z.string().min(1).max(256).meta({ description: 'id of the prompt that both answered' }),
  category: z.string().max(64).default(''),
  rater: z
    .string()
    .trim()
    .min(1)
    .max(128)
    .meta({ description: 'who judged: a person, or a judge model with its version' }),
  rater_kind: z.enum(RATER_KINDS),
  judge_prompt: z.string().min(1).max(256).nullish().meta({
    description: 'name and version, or a hash, of what a judge model was asked with',
  }),
  first: z.enum(['a', 'b']).nullish().meta({ description: 'which answer was shown first' }),
  length_a: Length.meta({ description: 'of the answer of a, in the unit of length_b: tokens, characters' }),
  length_b: Length,
  judged_at: Instant.nullish(),
})
export type BattleInput = z.infer<typeof BattleInput>

export const BattlesInput = z
  .object({ battles: z.array(BattleInput).min(1).max(BATTLES_PER_CALL_MAX) })
  .meta({ id: 'BattlesInput' })
export type BattlesInput = z.infer<typeof BattlesInput>

export const BattlesAnswer = z
  .object({
    added: z.number().int(),
    known: z.number().int().meta({ description: 'were here already, the same' }),
  })
  .meta({ id: 'BattlesAnswer' })
export type BattlesAnswer = z.infer<typeof BattlesAnswer>

/** A battle as it was sent. */
export const Battle = BattleInput.extend({ created_at: Instant, created_by: z.string() }).meta({ id: 'Battle' })
export type Battle = z.infer<typeof Battle>

export const PreferencesQuery = z
  .object({
    anchor: Side.optional().meta({
      description: 'the model that is rated 1000; by default that of the earliest stage',
    }),
    ties: z.enum(TIE_RULES).default('half').meta({ description: 'a tie counts half to each side, or is left out' }),
    category: z.string().max(64).optional(),
    rater: z.string().max(128).optional(),
  })
  .meta({ id: 'PreferencesQuery' })
export type PreferencesQuery = z.infer<typeof PreferencesQuery>

const WinShareView = z.object({
  wins: z.number().int(),
  ties: z.number().int(),
  losses: z.number().int(),
  prompts: z.number().int(),
  /** Of battles won, a tie as half, with its 95 % interval. */
  share: z.number(),
  low: z.number(),
  high: z.number(),
  /** Wilson where no prompt was judged twice; else t over prompts. */
  method: z.enum(['wilson', 'prompts']),
  /** Geometric mean of own length over the other's. */
  length_ratio: z.number().nullable(),
})

export const RatedModelView = WinShareView.extend({
  /** As a battle names it. */
  id: z.string(),
  name: z.string(),
  /** Null: a model without a checkpoint here. */
  experiment: ExperimentRef.nullable(),
  checkpoint: z.object({ id: Uid, step: Count, deleted: z.boolean() }).nullable(),
  /** Bradley–Terry; null where ratings are not defined. Ends of the 95 % interval are null where too few resamples could be rated. */
  rating: z.number().nullable(),
  rating_low: z.number().nullable(),
  rating_high: z.number().nullable(),
  rank: z.number().int().nullable(),
  /** Battle by battle in the order in which they were judged; for show, since it depends on that order. Null without a battle. */
  elo: z.number().nullable(),
})
export type RatedModelView = z.infer<typeof RatedModelView>

export const PreferenceRatings = z
  .object({
    /** Best first; without ratings by win share. */
    models: z.array(RatedModelView),
    anchor: z.string().nullable(),
    ties: z.enum(TIE_RULES),
    /** Resamples that gave the intervals; 0 without ratings. */
    rounds: z.number().int(),
    /** Why there are no ratings, and the models that stand apart. */
    unrated: z.object({ reason: z.string(), apart: z.array(z.string()) }).nullable(),
    /** Pairs that battled, places in `models`; seen from the first. */
    pairs: z.array(WinShareView.extend({ a: z.number().int(), b: z.number().int() })),
    raters: z.array(z.object({ name: z.string(), kind: z.enum(RATER_KINDS), battles: z.number().int() })),
    categories: z.array(z.object({ name: z.string(), battles: z.number().int() })),
    agreement: z.object({
      /** Two models and a prompt. */
      cases: z.number().int(),
      judged_twice: z.number().int(),
      /** The pairs of raters with most cases in common. */
      pairs: z.array(
        z.object({
          raters: z.tuple([z.string(), z.string()]),
          cases: z.number().int(),
          observed: z.number(),
          kappa: z.number().nullable(),
        }),
      ),
    }),
    /** How often the answer that was shown first won, where the order was told. */
    first_shown: z
      .object({ decided: z.number().int(), share: z.number(), low: z.number(), high: z.number() })
      .nullable(),
    /** Battles that these numbers are made of, those that the filter finds, and those of the project. */
    used: z.number().int(),
    found: z.number().int(),
    all: z.number().int(),
  })
  .meta({ id: 'PreferenceRatings' })
export type PreferenceRatings = z.infer<typeof PreferenceRatings>
