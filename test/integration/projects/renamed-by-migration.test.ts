/** What a migration does to data that was there before it, on a real database. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getProject } from '#src/services/projects/get.ts'
import { type Lab, makeProject, openLab } from '#test/factories/lab.ts'

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
})
afterAll(() => lab.close())

test('a project that is called checkpoints gets an address of its own, and its old name leads to it, with old names inside', async () => {
  const { sql } = lab.database
  const { id } = await makeProject(lab)
  await sql`update projects set slug = 'checkpoints' where id = ${id}`
  await sql`insert into aliases (workspace_id, kind, project, name, target_id) values (${lab.workspaceId}, 'run', 'checkpoints', '7', 1)`
  const file = await readFile('drizzle/0022_rename_projects_called_checkpoints.sql', 'utf8')
  for (const statement of file.split('--> statement-breakpoint')) await sql.unsafe(statement)
  const slug = `checkpoints-of-project-${id}`
  for (const project of [slug, 'checkpoints'])
    expect(await getProject(lab.user('viewer'), { workspace: 'lab', project })).toMatchObject({ slug })
  const [alias] = await sql`select project from aliases where kind = 'run' and name = '7'`
  expect(alias).toEqual({ project: slug })
})
