import { PreferencesQuery } from '#src/protocol/preferences.ts'
import { getPreferences } from '#src/services/preferences/ratings.ts'
import { projectProcedure, router } from './procedures.ts'

export const preferencesRouter = router({
  ratings: projectProcedure('eval:read')
    .input(PreferencesQuery)
    .query(({ ctx, input }) => getPreferences(ctx, input)),
})
