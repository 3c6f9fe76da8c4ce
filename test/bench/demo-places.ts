import type { Page } from '@playwright/test'
import type { Sql } from '#src/db/clients.ts'
import { newToken } from '#src/services/keys/new-token.ts'
import { openDoor } from '#test/e2e/setup/door.ts'
import { WORKSPACE } from '#test/e2e/setup/fixtures.ts'
import type { Places } from '#test/e2e/setup/routes.ts'
import { makePlaces } from '#test/e2e/setup/walked-places.ts'
import type { Product } from './product.ts'

/**
 * The recorded lifecycle and one of each thing that has a page, made through the doors of a product in the workspace of its first owner,
 * who must have signed in.
 */
export async function makeDemoPlaces(product: Product): Promise<Places> {
  const { origin } = new URL(product.signInLink)
  const door = async (kind: 'ing' | 'adm', scope: 'ingest' | 'admin') =>
    openDoor(await makeKey(product.clients.sql, kind, scope), () => origin)
  const { places } = await makePlaces(await door('ing', 'ingest'), await door('adm', 'admin'))
  return places
}

async function makeKey(sql: Sql, kind: 'ing' | 'adm', scope: 'ingest' | 'admin'): Promise<string> {
  const { token, publicId, secretHash, lastFour } = newToken(kind)
  await sql`
    insert into api_keys (public_id, secret_hash, last_four, workspace_id, scope, name, created_by)
    select ${publicId}, ${secretHash}, ${lastFour}, w.id, ${scope}, 'bench', m.user_id
    from workspaces w join members m on m.workspace_id = w.id and m.role = 'owner' where w.slug = ${WORKSPACE} limit 1`
  return token
}

/** Until a page stands: its heading, and no placeholder in sight. */
export const untilStanding = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      [...document.querySelectorAll('.mantine-Skeleton-root')].every((shape) => {
        const { top, bottom } = shape.getBoundingClientRect()
        return bottom <= 0 || top >= innerHeight
      }),
    undefined,
    { timeout: 60_000 },
  )
