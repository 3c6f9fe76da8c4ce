/** A file of a checkpoint or an artifact, by content. */
export interface ManifestFile {
  name: string
  sha256: string
  size: number
}

/** The text whose SHA-256 identifies a set of files: a line per file, sorted by name (code points). */
export const manifestText = (files: readonly ManifestFile[]): string =>
  [...files]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((f) => `${f.name}\t${f.sha256}\t${f.size}\n`)
    .join('')
