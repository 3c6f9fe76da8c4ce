/** Where a page fetches the content of an artifact: as a file, or as HTML for a frame (`program`: its scripts run there). */
export const artifactAddress = (id: string, as: 'file' | 'page' | 'program' = 'file'): string =>
  `/api/screen/artifact?${new URLSearchParams(as === 'file' ? { id } : { id, as })}`
