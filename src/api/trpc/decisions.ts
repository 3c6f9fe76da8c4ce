import * as z from 'zod'
import { DecisionInput, DecisionQuery } from '#src/protocol/decisions.ts'
import { ExperimentName } from '#src/protocol/words.ts'
import { getDecisionPage } from '#src/services/decisions/get-page.ts'
import { saveDecision } from '#src/services/decisions/save.ts'
import { projectProcedure, router } from './procedures.ts'

const Stage = z.object({ experiment: ExperimentName })

export const decisionsRouter = router({
  page: projectProcedure('eval:read')
    .input(DecisionQuery.extend(Stage.shape))
    .query(({ ctx, input }) => getDecisionPage(ctx, input)),
  save: projectProcedure('note:write')
    .input(DecisionInput.extend(Stage.shape))
    .mutation(({ ctx, input }) => saveDecision(ctx, input)),
})
