/** How a file of a run is shown, told from its name: what was said of it when it came is a label, and never trusted. */
export const PREVIEW_KINDS = ['text', 'image', 'audio', 'table', 'histogram', 'page'] as const
export type PreviewKind = (typeof PREVIEW_KINDS)[number]

const BY_EXTENSION: Readonly<Record<string, PreviewKind>> = {
  txt: 'text',
  log: 'text',
  md: 'text',
  json: 'text',
  yaml: 'text',
  yml: 'text',
  toml: 'text',
  ini: 'text',
  cfg: 'text',
  py: 'text',
  sh: 'text',
  diff: 'text',
  patch: 'text',
  xml: 'text',
  svg: 'text',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  wav: 'audio',
  mp3: 'audio',
  ogg: 'audio',
  flac: 'audio',
  csv: 'table',
  tsv: 'table',
  jsonl: 'table',
  ndjson: 'table',
  html: 'page',
  htm: 'page',
}

/** Null where there is no way to show it: it can be downloaded. A drawing (SVG) is shown as its text, since it may hold scripts. */
export function previewKind(file: { name: string; type: string }): PreviewKind | null {
  const extension = /\.([^./]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  if (file.type === 'histogram' && extension === 'json') return 'histogram'
  return BY_EXTENSION[extension] ?? null
}
