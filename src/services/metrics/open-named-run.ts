import type { Permission } from '../../core/roles/permissions.ts'
import type { Context } from '../context.ts'
import { type OpenRun, openRun, openRunByNumber } from '../runs/open.ts'

/** A run by its uid, or by its number in a project; `workspace` where the actor is a user. */
export type RunPlace = { run: string } | { workspace?: string | undefined; project: string; run: number }

/** @throws Refusal as `openRun` */
export const openNamedRun = (ctx: Context, place: RunPlace, permission: Permission): Promise<OpenRun> =>
  'project' in place ? openRunByNumber(ctx, place, permission) : openRun(ctx, place.run, permission)
