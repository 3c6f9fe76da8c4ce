import type { Cell } from '#src/services/evaluations/cells.ts'

/** A protocol longer than this is named, not written out. */
const PROTOCOL_MAX = 600

/**
 * The line of Python that records a missing score under the protocol of its counterpart, so that the two can be compared.
 *
 * @param counterpart the cell of the other side; null: nothing is known of how it is measured
 * @param checkpoint uid of the checkpoint that lacks the score
 */
export function fillCommand(benchmark: string, counterpart: Cell | null, checkpoint: string): string {
  const how = counterpart
    ? [
        `metric=${python(counterpart.row.metric)}`,
        ...(counterpart.row.scale === 100 ? ['scale=100'] : []),
        `protocol=${shortened(python(counterpart.row.protocol))}`,
      ]
    : ['metric="accuracy"', 'protocol=protocol']
  const parts = [python(benchmark), 'score=score', 'n=n', ...how, `checkpoint=${python(checkpoint)}`]
  return `descent.run.log_eval(${parts.join(', ')})`
}

const shortened = (text: string): string => (text.length > PROTOCOL_MAX ? 'protocol' : text)

/** A JSON value as Python writes it. */
function python(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .filter(([, own]) => own !== null && own !== undefined)
      .map(([key, own]) => `${JSON.stringify(key)}: ${python(own)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}
