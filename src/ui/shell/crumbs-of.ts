export interface Crumb {
  word: string
  href: string
}

const WORDS: Readonly<Record<string, string>> = {
  agents: 'Agents',
  benchmarks: 'Benchmarks',
  settings: 'Settings',
  keys: 'Keys',
  'agent-tokens': 'Agent tokens',
  sessions: 'Sessions',
  members: 'Members',
  prices: 'Price book',
  storage: 'Storage',
  'deleted-runs': 'Deleted runs',
  runs: 'Runs',
  evaluations: 'Evaluations',
  differences: 'Differences',
  add: 'Add results',
  retention: 'Retention',
  preferences: 'Preferences',
  'compare-stages': 'Compare stages',
  publish: 'Publish',
  capability: 'Capability',
  cost: 'Cost',
}

/** The way from the workspace to `pathname`; the first two parts are names, the rest are words of ours. */
export function crumbsOf(pathname: string): Crumb[] {
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const href = (n: number) => `/${parts.slice(0, n).map(encodeURIComponent).join('/')}`
  const [workspace, second, third, fourth] = parts
  if (workspace === undefined) return []
  const crumbs: Crumb[] = [{ word: workspace, href: href(1) }]
  if (second === undefined) return [...crumbs, { word: 'Projects', href: '#' }]
  if (second === 'agents' || second === 'settings') {
    crumbs.push({ word: WORDS[second] ?? second, href: href(2) })
    if (third !== undefined) crumbs.push({ word: WORDS[third] ?? third, href: href(3) })
    return crumbs
  }
  if (second === 'compare') {
    crumbs.push({ word: 'Comparisons', href: href(2) })
    if (third !== undefined) crumbs.push({ word: third === 'draft' ? 'New comparison' : 'Comparison', href: href(3) })
    return crumbs
  }
  if (second === 'benchmarks') {
    crumbs.push({ word: 'Benchmarks', href: href(2) })
    if (third !== undefined) crumbs.push({ word: third, href: href(3) })
    return crumbs
  }
  if (second === 'protocols') {
    const benchmarks = `/${encodeURIComponent(workspace)}/benchmarks`
    return [
      ...crumbs,
      { word: 'Benchmarks', href: benchmarks },
      { word: `Protocol ${third?.slice(0, 8) ?? ''}`, href: href(3) },
    ]
  }
  if (second === 'checkpoints') return [...crumbs, { word: `Checkpoint ${third?.slice(0, 8) ?? ''}`, href: href(3) }]
  crumbs.push({ word: second, href: href(2) })
  if (third === undefined) return [...crumbs, { word: 'Lineage', href: '#' }]
  if (third === 'experiments') {
    const stage = { word: `Stage ${fourth ?? ''}`, href: href(4) }
    return parts[4] === 'decision' ? [...crumbs, stage, { word: 'Decision', href: href(5) }] : [...crumbs, stage]
  }
  if (third === 'retention' || third === 'preferences')
    crumbs.push({ word: 'Evaluations', href: `${href(2)}/evaluations` })
  crumbs.push({ word: WORDS[third] ?? third, href: href(3) })
  if (fourth !== undefined) crumbs.push({ word: WORDS[fourth] ?? `#${fourth}`, href: href(4) })
  return crumbs
}
