import type { DecisionRow } from '#src/db/queries/decisions/list-decisions.ts'
import { instantOf } from '#src/db/queries/instant.ts'
import type { DecisionView } from '#src/protocol/decisions.ts'

/** A decision's row as every door shows it. */
export const viewDecision = ({ revision, decision, reason, by, at }: DecisionRow): DecisionView => ({
  revision,
  decision,
  reason,
  by,
  at: instantOf(at),
})
