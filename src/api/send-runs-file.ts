import type { Context } from '#src/services/context.ts'
import type { RunsFile } from '#src/services/runs/table-file.ts'
import { madeWhileSent } from './send-export.ts'

/** A table of runs as an attachment that is made while it is sent. */
export const sendRunsFile = (ctx: Context, { name, bytes }: RunsFile): Response =>
  new Response(madeWhileSent(ctx, bytes), {
    status: 200,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  })
