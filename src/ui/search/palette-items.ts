import type { StageKind } from '#src/core/experiments/stage-kinds.ts'
import { methodWord, STAGE_WORDS } from '#src/core/experiments/stage-words.ts'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatCount } from '#src/core/format/count.ts'
import { parseSearch } from '#src/core/search/parse-search.ts'
import { printSearch, quoted } from '#src/core/search/print-search.ts'
import type { Everything } from '#src/protocol/found.ts'
import { paths } from '#src/ui/paths.ts'

export interface PaletteItem {
  id: string
  title: string
  /** Beside the title, quieter. */
  detail: string
  /** At the right end. */
  right: string
  look: { kind: 'run'; number: number } | { kind: 'stage'; stage: StageKind } | { kind: ItemKind }
  /** What Enter does. */
  go: { href: string } | { command: Command }
  /** What the pane at the right can tell about it. */
  preview: ItemPreview | null
}

export type ItemKind =
  | 'project'
  | 'checkpoint'
  | 'config'
  | 'metric'
  | 'benchmark'
  | 'page'
  | 'filter'
  | 'theme'
  | 'compare'
export type Command = { kind: 'theme'; scheme: 'light' | 'dark' | 'auto' }
export type ItemPreview =
  | { kind: 'run'; project: string; id: string; number: number; name: string }
  | { kind: 'stage'; project: string; number: number; name: string }
  | { kind: 'checkpoint'; project: string; sha256: string | null; id: string }
  | { kind: 'field'; project: string; field: string }

export interface PaletteGroup {
  title: string
  items: PaletteItem[]
  /** How many there are, shown or not. */
  found: number
}

export interface PalettePlace {
  workspace: string
  /** The project of the page, whatever the search is narrowed to. */
  project: string | null
}

/** What was found as groups in a fixed order, each with its count; empty ones are left out. */
export function foundGroups(place: PalettePlace, found: Everything | undefined): PaletteGroup[] {
  if (!found) return []
  const { workspace, project: home } = place
  const elsewhere = (project: string) => (project === home ? '' : project)
  const groups: PaletteGroup[] = [
    {
      title: 'Runs',
      found: found.runs.found,
      items: found.runs.items.map((run) => ({
        id: `run ${run.id}`,
        title: run.name,
        detail: said(
          `#${run.number}`,
          run.stage && STAGE_WORDS[run.stage.stage_kind],
          run.because,
          elsewhere(run.project),
        ),
        right: run.state === 'finished' ? '' : run.state,
        look: { kind: 'run', number: run.number },
        go: { href: paths.run(workspace, run.project, run.number) },
        preview: { kind: 'run', project: run.project, id: run.id, number: run.number, name: run.name },
      })),
    },
    {
      title: 'Stages',
      found: found.stages.found,
      items: found.stages.items.map((stage) => ({
        id: `stage ${stage.project} ${stage.number}`,
        title: stage.name,
        detail: said(STAGE_WORDS[stage.stage_kind], methodWord(stage.method), elsewhere(stage.project)),
        right: stage.runs === 1 ? '1 run' : `${formatCount(stage.runs)} runs`,
        look: { kind: 'stage', stage: stage.stage_kind },
        go: { href: paths.stage(workspace, stage.project, stage.number) },
        preview: { kind: 'stage', project: stage.project, number: stage.number, name: stage.name },
      })),
    },
    {
      title: 'Checkpoints',
      found: found.checkpoints.found,
      items: found.checkpoints.items.map((checkpoint) => ({
        id: `checkpoint ${checkpoint.id}`,
        title: checkpoint.run?.name ?? checkpoint.stage.name,
        detail: said(
          `step ${checkpoint.step.toLocaleString('en')}`,
          checkpoint.tokens === null ? '' : `${formatCount(checkpoint.tokens)} tokens`,
          checkpoint.by_hash ? (checkpoint.sha256 ?? checkpoint.id).slice(0, 12) : '',
          elsewhere(checkpoint.project),
        ),
        right: checkpoint.size_bytes > 0 ? formatBytes(checkpoint.size_bytes) : '',
        look: { kind: 'checkpoint' },
        go: {
          href: paths.checkpoint(workspace, checkpoint.id),
        },
        preview: { kind: 'checkpoint', project: checkpoint.project, sha256: checkpoint.sha256, id: checkpoint.id },
      })),
    },
    keysGroup(place, found),
    {
      title: 'Projects',
      found: found.projects.found,
      items: found.projects.items.map((project) => ({
        id: `project ${project.slug}`,
        title: project.name,
        detail: project.slug === project.name ? '' : project.slug,
        right: project.runs === 1 ? '1 run' : `${formatCount(project.runs)} runs`,
        look: { kind: 'project' },
        go: { href: paths.lineage(workspace, project.slug) },
        preview: null,
      })),
    },
  ]
  return groups.filter(({ items }) => items.length > 0)
}

/** A config key or a metric leads to the runs that have it, so outside of a project only benchmarks lead anywhere. */
function keysGroup({ workspace, project }: PalettePlace, found: Everything): PaletteGroup {
  const items = found.keys.items.flatMap(({ field, kind, key, name }): PaletteItem[] => {
    if (kind === 'benchmark')
      return [
        {
          id: `key ${field}`,
          title: key,
          detail: said('benchmark', name),
          right: '',
          look: { kind },
          go: { href: paths.benchmark(workspace, key) },
          preview: project === null ? null : { kind: 'field', project, field },
        },
      ]
    if (project === null) return []
    return [
      {
        id: `key ${field}`,
        title: key,
        detail: kind,
        right: '',
        look: { kind },
        go: { href: runsWhere(workspace, project, `${field} is not missing`) },
        preview: { kind: 'field', project, field },
      },
    ]
  })
  return { title: 'Keys', items, found: found.keys.items.length === items.length ? found.keys.found : items.length }
}

/** The runs of a project that satisfy a search. */
export const runsWhere = (workspace: string, project: string, q: string): string =>
  `${paths.runs(workspace, project)}?${new URLSearchParams({ q })}`

/** What can be done with what was typed: as a search of the runs, in the grammar that the runs page shows. */
export function filterItems({ workspace, project }: PalettePlace, text: string): PaletteItem[] {
  const typed = text.trim()
  if (project === null || typed === '') return []
  const read = parseSearch(typed)
  // Several words are no search; in quotes they are one.
  const q = read.kind === 'ok' && read.expr ? printSearch(read.expr) : quoted(typed)
  return [
    {
      id: 'filter',
      title: `Filter runs: ${q}`,
      detail: 'writes the search field',
      right: '',
      look: { kind: 'filter' },
      go: { href: runsWhere(workspace, project, q) },
      preview: null,
    },
  ]
}

const THEMES = [
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
  ['auto', 'Theme of the system'],
] as const

/** Pages and settings as actions; those whose words contain every typed word. */
export function actionItems(
  pages: readonly { key: string; word: string; href: string }[],
  text: string,
): PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (title: string) => words.every((word) => title.toLowerCase().includes(word))
  return [
    ...pages.map(
      ({ key, word, href }): PaletteItem => ({
        id: `page ${key}`,
        title: `Go to ${word.toLowerCase()}`,
        detail: '',
        right: '',
        look: { kind: 'page' },
        go: { href },
        preview: null,
      }),
    ),
    ...THEMES.map(
      ([scheme, title]): PaletteItem => ({
        id: `theme ${scheme}`,
        title,
        detail: '',
        right: '',
        look: { kind: 'theme' },
        go: { command: { kind: 'theme', scheme } },
        preview: null,
      }),
    ),
  ].filter(({ title }) => fits(title))
}

const said = (...parts: (string | null | undefined)[]): string => parts.filter((part) => part).join(', ')
