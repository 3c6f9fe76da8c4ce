/** A pipeline: experiments, edges, mixtures, recipes and parameters, as a YAML file describes them. */
import * as z from 'zod'
import { Job } from './agents.ts'
import { ExperimentInput, ParentInput } from './experiments.ts'
import { Name, Slug, Uid } from './words.ts'

const Params = z.record(z.string().min(1).max(100), z.union([z.string().max(4000), z.number(), z.boolean(), z.null()]))

const Evaluate = z.strictObject({
  recipe: z.string().min(1).max(100),
  queue: z.string().max(64).optional(),
  params: Params.default({}),
})

/** A parent inside the same pipeline is named by its key; one that exists already by project and number or slug. */
const PipelineParent = ParentInput.omit({ experiment: true, checkpoint: true })
  .extend({ experiment: z.union([z.number().int(), z.string()]) })
  .strict()

export const PipelineExperiment = ExperimentInput.omit({ parents: true })
  .extend({
    parents: z.array(PipelineParent).max(64).default([]),
    recipe: z.string().min(1).max(100).optional(),
    queue: z.string().max(64).optional(),
    params: Params.default({}),
    seed: z.number().int().min(0).optional(),
    timeout_s: z
      .number()
      .int()
      .min(1)
      .max(30 * 86_400)
      .optional(),
    max_attempts: z.number().int().min(1).max(20).optional(),
    evaluate: Evaluate.nullish(),
  })
  .strict()
export type PipelineExperiment = z.infer<typeof PipelineExperiment>

const Defaults = z.strictObject({
  queue: z.string().max(64).default('default'),
  params: Params.default({}),
  evaluate: Evaluate.nullish(),
  max_attempts: z.number().int().min(1).max(20).optional(),
  timeout_s: z.number().int().min(1).optional(),
  benchmarks: ExperimentInput.shape.benchmarks,
  budget: ExperimentInput.shape.budget,
})

export const Pipeline = z
  .strictObject({
    version: z.literal(1),
    name: Name,
    project: Slug.optional(),
    description: z.string().max(4000).optional(),
    defaults: Defaults.prefault({}),
    /** Parameters that win over all others when the pipeline is launched with --quick. */
    quick: z
      .strictObject({ params: Params.default({}), evaluate: z.strictObject({ params: Params.default({}) }).optional() })
      .optional(),
    experiments: z.record(Slug, PipelineExperiment),
  })
  .meta({ id: 'Pipeline' })
export type Pipeline = z.infer<typeof Pipeline>

export const PipelineState = z
  .object({
    id: Uid,
    name: z.string(),
    project: Slug,
    url: z.string(),
    ended: z.boolean(),
    experiments: z.array(
      z.object({
        number: z.number().int(),
        slug: z.string(),
        name: z.string(),
        stage_kind: z.string(),
        state: z.string(),
        parent: z.number().int().nullable(),
        runs: z.number().int(),
        points: z.number().int(),
        checkpoints: z.number().int(),
        evaluations: z.number().int(),
        tokens: z.number().int().nullable(),
        wall_s: z.number().nullable(),
      }),
    ),
    jobs: z.array(Job),
  })
  .meta({ id: 'PipelineState' })
export type PipelineState = z.infer<typeof PipelineState>
