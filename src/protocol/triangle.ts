/** The matrix R of a path: the model after each stage on the targets of each stage, with the measures of continual learning. */
import * as z from 'zod'
import { LineageForgetting, StageRef } from './forgetting.ts'
import { Slug } from './words.ts'

const Measured = LineageForgetting.shape.measures.shape.forgetting

/** One measure; null with the reason. */
export const TriangleMeasure = z.object({ of: Measured, reason: z.string().nullable() })
export type TriangleMeasure = z.infer<typeof TriangleMeasure>

export const Triangle = z
  .object({
    /** Stages of the path that aim at something, root first: rows are their models, columns their targets. */
    stages: z.array(StageRef.extend({ targets: z.array(z.object({ slug: Slug, name: z.string() })) })),
    /** Stages of the path that aim at nothing, by name: they have no row. */
    without: z.array(z.string()),
    /** R[i][j] in normalised points; null with what is missing. Above the diagonal: before the target was trained. */
    cells: z.array(z.array(z.object({ score: z.number().nullable(), reason: z.string().nullable() }))),
    /** By convention: T − 1 and T are denominators, `all` looks at every earlier model, `honest` chooses the best on half of the items. */
    measures: z.object({
      final_accuracy: TriangleMeasure,
      learning_accuracy: TriangleMeasure,
      backward_transfer: TriangleMeasure,
      backward_transfer_over_t: TriangleMeasure,
      forgetting: TriangleMeasure,
      forgetting_over_t: TriangleMeasure,
      forgetting_over_all: TriangleMeasure,
      forgetting_honest: TriangleMeasure,
      forward_transfer: TriangleMeasure,
    }),
  })
  .meta({ id: 'Triangle' })
export type Triangle = z.infer<typeof Triangle>
