/** One change of many runs on the wire. */
import * as z from 'zod'
import { BULK_RUNS_MAX, BULK_TAGS_MAX } from '../core/runs/bulk.ts'
import { RunGroup } from './runs.ts'
import { Count, ExperimentName, RunNumber, Slug, Uid } from './words.ts'

/** As programs told it, blanks at its ends included: else it could not be taken off. */
const Tag = z
  .string()
  .max(100)
  .refine((tag) => tag.trim() !== '', 'A tag has at least one letter.')
const Tags = z.array(Tag).min(1).max(BULK_TAGS_MAX)

export const BulkChange = z
  .discriminatedUnion('do', [
    z.object({ do: z.literal('tag'), tags: Tags }),
    z.object({ do: z.literal('untag'), tags: Tags }),
    z.object({ do: z.literal('group'), group: RunGroup.meta({ description: 'null takes the group away' }) }),
    z.object({ do: z.enum(['star', 'unstar', 'archive', 'unarchive', 'delete', 'restore']) }),
    z.object({
      do: z.literal('move'),
      experiment: ExperimentName,
      to_project: Slug.optional().meta({
        description: 'the project of the experiment, in the same workspace; the one where the runs are when absent',
      }),
    }),
  ])
  .meta({ id: 'BulkChange' })
export type BulkChange = z.infer<typeof BulkChange>

const Uids = z.array(Uid).max(BULK_RUNS_MAX.tag)
const Numbers = z.array(RunNumber).max(BULK_RUNS_MAX.tag)

/** Which runs: a list of uids or of numbers in the project, or all that match a search. */
export const BulkChoice = z
  .union([
    z.object({ runs: Uids.min(1) }),
    z.object({ numbers: Numbers.min(1) }),
    z.object({
      q: z.string().max(4_000).meta({ description: 'a search; empty: all runs of the project' }),
      archived: z.boolean().default(false).meta({ description: 'archived runs too' }),
      except: Uids.default([]),
      except_numbers: Numbers.default([]).meta({ description: 'as `except`, by their numbers in the project' }),
      matching: Count.optional().meta({
        description: 'how many were shown to match: refused with conflict when it is another number by now',
      }),
    }),
  ])
  .meta({ id: 'BulkChoice' })
export type BulkChoice = z.infer<typeof BulkChoice>

export const BulkInput = z
  .object({
    change: BulkChange,
    choice: BulkChoice,
    leave_out: z.boolean().default(false).meta({
      description: 'change the others when some cannot be changed; else nothing is changed and `left_out` names them',
    }),
  })
  .meta({ id: 'BulkInput' })
export type BulkInput = z.infer<typeof BulkInput>

/** A run that could not be changed, and why. */
export const LeftOut = z.object({ uid: Uid, number: z.number().int(), name: z.string(), why: z.string() })
export type LeftOut = z.infer<typeof LeftOut>

export const BulkAnswer = z
  .object({
    chosen: Count,
    changed: Count.meta({ description: 'runs that are not as they were' }),
    left_out: z.array(LeftOut),
    undo: z
      .array(
        z.object({
          change: BulkChange,
          runs: z.array(Uid),
          project: Slug.optional().meta({ description: 'where the runs are now, when they left the project' }),
        }),
      )
      .meta({ description: 'what brings back the state before, in this order, each sent to the project of its runs' }),
  })
  .meta({ id: 'BulkAnswer' })
export type BulkAnswer = z.infer<typeof BulkAnswer>
