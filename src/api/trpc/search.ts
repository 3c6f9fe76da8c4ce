import * as z from 'zod'
import { EVERYTHING_CHARACTERS_MAX } from '#src/protocol/found.ts'
import { SearchKeysInput, SearchValuesInput } from '#src/protocol/search-keys.ts'
import { Slug } from '#src/protocol/words.ts'
import { findEverything } from '#src/services/search/everything.ts'
import { listSearchKeys } from '#src/services/search/keys.ts'
import { listSearchValues } from '#src/services/search/values.ts'
import { projectProcedure, router, workspaceProcedure } from './procedures.ts'

export const searchRouter = router({
  everything: workspaceProcedure('run:read')
    .input(
      z.object({
        project: Slug.optional(),
        text: z.string().max(EVERYTHING_CHARACTERS_MAX),
        limit: z.number().int().min(1).max(50).default(10),
      }),
    )
    .query(({ ctx, input }) => findEverything(ctx, input)),
  keys: projectProcedure('run:read')
    .input(SearchKeysInput)
    .query(({ ctx, input }) => listSearchKeys(ctx, input)),
  values: projectProcedure('run:read')
    .input(SearchValuesInput)
    .query(({ ctx, input }) => listSearchValues(ctx, input)),
})
