import { randomBytes } from 'node:crypto'
import { uuid7 } from '#src/core/runs/uuid7.ts'
import type { Context } from './context.ts'

/** A new outside id that sorts by age. */
export const newUid = (ctx: Context): string => uuid7(ctx.services.now().getTime(), randomBytes(10))
