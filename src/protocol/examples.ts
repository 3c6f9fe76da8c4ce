/** Built-in example lineages on the wire. */
import * as z from 'zod'
import { Slug } from './words.ts'

export const EXAMPLES = ['tulu-3-8b', 'legal-assistant'] as const
export const ExampleName = z.enum(EXAMPLES)
export type ExampleName = z.infer<typeof ExampleName>

export const Example = z.object({
  name: ExampleName,
  title: z.string(),
  description: z.string(),
  stages: z.number().int(),
  scores: z.number().int(),
})
export type Example = z.infer<typeof Example>

export const Examples = z.object({ items: z.array(Example) }).meta({ id: 'Examples' })

/** `project`: the slug to load into; the example's own name when absent. */
export const ExampleInput = z.object({ project: Slug.optional() }).meta({ id: 'ExampleInput' })
export type ExampleInput = z.infer<typeof ExampleInput>
