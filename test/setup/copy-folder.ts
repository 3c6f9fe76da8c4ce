import { execFileSync } from 'node:child_process'

/** With owners and modes: the data of an engine belong to its user. */
export function copyFolder(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to])
}
