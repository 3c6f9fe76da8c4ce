import { instantOf } from '#src/db/queries/instant.ts'
import type { ProjectRow } from '#src/db/queries/projects/find-project.ts'
import type { Project } from '#src/protocol/projects.ts'
import type { Addresses } from '#src/services/workspaces/addresses.ts'

/** A project as every door shows it. */
export const viewProject = (row: ProjectRow, addresses: Addresses): Project => ({
  slug: row.slug,
  name: row.name,
  description: row.description,
  recorded: row.recorded,
  created_at: instantOf(row.createdAt),
  url: addresses.project(row.slug),
  thin_after_days: row.thinAfterDays,
})
