/** What stages did against forgetting, with what each gained and kept as it was measured. */
import * as z from 'zod'
import { MITIGATIONS } from '../core/experiments/mitigations.ts'
import { ExperimentRef } from './experiments.ts'
import { Mean } from './forgetting.ts'

export const MitigatedStage = z.object({
  experiment: ExperimentRef,
  by: z.enum(['people', 'records']),
  tags: z.array(z.object({ tag: z.enum(MITIGATIONS), why: z.string() })),
  /** Against the checkpoint from which it started; null: too little was measured on both. */
  target: Mean.nullable(),
  retention: Mean.nullable(),
  drift: Mean.nullable(),
  forgot: z.number().int().meta({ description: 'benchmarks to be kept that were lost for certain' }),
  kept: z.number().int().meta({ description: 'benchmarks to be kept that were compared' }),
})
export type MitigatedStage = z.infer<typeof MitigatedStage>

/** Every stage of the project that starts from another, by number. */
export const Mitigated = z.object({ stages: z.array(MitigatedStage) }).meta({ id: 'Mitigated' })
export type Mitigated = z.infer<typeof Mitigated>
