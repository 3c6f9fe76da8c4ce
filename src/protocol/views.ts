/** Saved views on the wire: a page of a project as somebody set it up. */
import * as z from 'zod'
import {
  VIEW_AUDIENCES,
  VIEW_KEY,
  VIEW_NAME_CHARACTERS_MAX,
  VIEW_PAGES,
  VIEW_STATE_CHARACTERS_MAX,
  viewState,
} from '../core/views/views.ts'
import { Instant } from './words.ts'

const Key = z.string().regex(VIEW_KEY, 'must be ten letters and digits').meta({ example: 'h3Kd92mPqz' })
const Page = z.enum(VIEW_PAGES)
const Audience = z.enum(VIEW_AUDIENCES).meta({
  description: 'private: its owner alone; shared: whoever reads the project; link: whoever has its address, in no list',
})
const ViewName = z.string().trim().min(1, 'give it a name').max(VIEW_NAME_CHARACTERS_MAX)
const State = z
  .string()
  .max(VIEW_STATE_CHARACTERS_MAX)
  .transform(viewState)
  .meta({ type: 'string', description: 'the words of the page’s address, as after its question mark' })

export const SavedView = z
  .object({
    key: Key,
    page: Page,
    audience: Audience,
    name: z.string().nullable().meta({ description: 'null for a link' }),
    state: z.string(),
    revision: z.number().int().min(1),
    mine: z.boolean(),
    owner: z.string().nullable(),
    updated_by: z.string(),
    updated_at: Instant,
  })
  .meta({ id: 'SavedView' })
export type SavedView = z.infer<typeof SavedView>

export const ViewPlace = z.object({ view: Key })
export const ViewsQuery = z.object({ page: Page })

/** `key` only to bring a deleted view back, and for a link, which must be known before it is saved. */
export const ViewInput = z
  .object({ key: Key.optional(), page: Page, audience: Audience, name: ViewName.optional(), state: State })
  .superRefine(({ audience, name }, ctx) => {
    if (audience === 'link' && name !== undefined)
      ctx.addIssue({ code: 'custom', path: ['name'], message: 'A link has no name; save it as private or shared.' })
    if (audience !== 'link' && name === undefined)
      ctx.addIssue({ code: 'custom', path: ['name'], message: 'give it a name' })
  })
  .meta({ id: 'ViewInput' })
export type ViewInput = z.infer<typeof ViewInput>

export const ViewChange = z
  .object({
    revision: z.number().int().min(1).meta({ description: 'the one that was read; refused when it is not the newest' }),
    name: ViewName.optional(),
    state: State.optional(),
    audience: z.enum(['private', 'shared']).optional(),
  })
  .meta({ id: 'ViewChange' })
export type ViewChange = z.infer<typeof ViewChange>

/** Views of a page that the caller may choose from, and what the person saw last. */
export const Views = z
  .object({
    items: z.array(SavedView).meta({ description: 'private ones first, each by name' }),
    last: z
      .object({ state: z.string(), view: Key.nullable() })
      .nullable()
      .meta({ description: 'null for a key, and for who never was there' }),
  })
  .meta({ id: 'Views' })
export type Views = z.infer<typeof Views>

export const LastView = z.object({ page: Page, state: State, view: Key.nullable() }).meta({ id: 'LastView' })
export type LastView = z.infer<typeof LastView>
