/** The place of a row in an export; rows come in the order of run, metric, attempt, step. */
export interface ExportPlace {
  run: number
  metric: string
  attempt: number
  step: number
}

const PLACE = /^(\d{1,10}):(\d{1,10}):(\d{1,16}):(.+)$/s

/** A place as the cursor after which an export goes on: `run:attempt:step:metric`, the metric last since it may hold anything. */
export const formatPlace = ({ run, metric, attempt, step }: ExportPlace): string =>
  `${run}:${attempt}:${step}:${metric}`

const NUMBER_MAX = 2 ** 31 - 1

/** The place that a cursor names; null when it is none. */
export function parsePlace(cursor: string): ExportPlace | null {
  const [, run, attempt, step, metric] = PLACE.exec(cursor) ?? []
  if (metric === undefined || !Number.isSafeInteger(Number(step))) return null
  if (Number(run) > NUMBER_MAX || Number(attempt) > NUMBER_MAX) return null
  return { run: Number(run), metric, attempt: Number(attempt), step: Number(step) }
}
