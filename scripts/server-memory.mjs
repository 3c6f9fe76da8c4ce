/**
 * What node is told for the server's process: young objects have 64 MB before they are looked through. An answer makes 10 to 20 MB of
 * them; with node's 16 MB they were looked through while it was made (windows of a large matrix: p95 110 → 92 ms).
 */
export const SERVER_MEMORY = ['--min-semi-space-size=64', '--max-semi-space-size=64']
