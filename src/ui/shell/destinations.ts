/** Where the rail and the bottom bar lead. Only what exists; a project's own pages appear inside a project. */
import {
  ChartLine,
  ChartSpline,
  Coins,
  Columns3,
  FileOutput,
  GitCompareArrows,
  LayoutGrid,
  type LucideIcon,
  Ruler,
  Server,
  Settings2,
  Table2,
  Workflow,
} from 'lucide-react'
import { paths } from '#src/ui/paths.ts'

export interface Destination {
  key:
    | 'projects'
    | 'lineage'
    | 'runs'
    | 'evaluations'
    | 'capability'
    | 'cost'
    | 'compare-stages'
    | 'publish'
    | 'comparisons'
    | 'benchmarks'
    | 'agents'
    | 'settings'
  word: string
  /** The word for a narrow bar. */
  short: string
  href: string
  Icon: LucideIcon
}

/** The destinations of a workspace, with a project's between them when one is open. */
export function destinations(workspace: string, project: string | null): Destination[] {
  const inside: Destination[] =
    project === null
      ? []
      : [
          {
            key: 'lineage',
            word: 'Lineage',
            short: 'Lineage',
            href: paths.lineage(workspace, project),
            Icon: Workflow,
          },
          { key: 'runs', word: 'Runs', short: 'Runs', href: paths.runs(workspace, project), Icon: ChartLine },
          {
            key: 'evaluations',
            word: 'Evaluations',
            short: 'Evals',
            href: paths.evaluations(workspace, project),
            Icon: Table2,
          },
          {
            key: 'capability',
            word: 'Capability',
            short: 'Capability',
            href: paths.capability(workspace, project),
            Icon: ChartSpline,
          },
          { key: 'cost', word: 'Cost', short: 'Cost', href: paths.cost(workspace, project), Icon: Coins },
          {
            key: 'compare-stages',
            word: 'Compare stages',
            short: 'Compare',
            href: paths.compareStages(workspace, project),
            Icon: Columns3,
          },
          {
            key: 'publish',
            word: 'Publish',
            short: 'Publish',
            href: paths.publish(workspace, project),
            Icon: FileOutput,
          },
        ]
  return [
    { key: 'projects', word: 'Projects', short: 'Projects', href: paths.workspace(workspace), Icon: LayoutGrid },
    ...inside,
    {
      key: 'comparisons',
      word: 'Comparisons',
      short: 'Comparisons',
      href: paths.comparisons(workspace),
      Icon: GitCompareArrows,
    },
    {
      key: 'benchmarks',
      word: 'Benchmarks',
      short: 'Benchmarks',
      href: paths.benchmarks(workspace),
      Icon: Ruler,
    },
    { key: 'agents', word: 'Agents', short: 'Agents', href: paths.agents(workspace), Icon: Server },
    { key: 'settings', word: 'Settings', short: 'Settings', href: paths.settings(workspace), Icon: Settings2 },
  ]
}

/** Pages of a project that have a destination of their own. */
const INSIDE = ['runs', 'evaluations', 'capability', 'cost', 'compare-stages', 'publish'] as const

/** Which destination a path belongs to: `/w/p/experiments/3` belongs to the lineage. */
export function currentDestination(pathname: string): Destination['key'] {
  const [, , second, third] = pathname.split('/')
  if (second === undefined || second === '' || second === 'checkpoints') return 'projects'
  if (second === 'benchmarks' || second === 'agents' || second === 'settings') return second
  if (second === 'compare') return 'comparisons'
  if (second === 'protocols') return 'benchmarks'
  if (third === 'retention' || third === 'preferences') return 'evaluations'
  return INSIDE.find((key) => key === third) ?? 'lineage'
}
