import { mkdirSync } from 'node:fs'

/**
 * Makes the data folder, private to its owner. As root others may pass through it (and list nothing): the embedded engine's
 * user, which is not root, must reach its own folder below.
 */
export function makeDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
}
