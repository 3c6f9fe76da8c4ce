/** The mark that `patches/postgres.mjs` leaves in the driver; a test compares the two. */
export const DRIVER_MARK = 'descent-2'

/**
 * Makes sure that the driver in use is the patched one: as published, postgres.js 3.4.9 ends the process, or runs queries outside
 * their transaction, when a connection dies (`patches/postgres-edits.mjs`).
 *
 * @throws Error when the patch is missing, with the command that applies it
 */
export function assertPatched(postgres: object): void {
  const found = 'patch' in postgres ? postgres.patch : undefined
  if (found === DRIVER_MARK) return
  throw new Error(
    `The database driver lacks the patch "${DRIVER_MARK}" (found: ${found === undefined ? 'none' : String(found)}). Run: node patches/postgres.mjs apply`,
  )
}
