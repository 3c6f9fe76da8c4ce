import type { Orientation } from '../../../core/metrics/orientation.ts'
import type { AnySql } from '../../clients.ts'

/**
 * Says which values of a metric are better; null takes it back.
 *
 * @returns whether the workspace knows the name
 */
export async function setOrientation(
  sql: AnySql,
  workspaceId: number,
  name: string,
  orientation: Orientation | null,
): Promise<boolean> {
  const answer = await sql.unsafe(
    'update metric_keys set orientation = $3::text where workspace_id = $1::int and name = $2::text',
    [workspaceId, name, orientation],
    { prepare: true },
  )
  return answer.count > 0
}
