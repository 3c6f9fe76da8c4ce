import type { EdgeKind } from './edge-kinds.ts'

interface End {
  project: string
  number: number
}

interface Named {
  child: End
  parent: End
  kind: EdgeKind
}

/** An end as the pages of a project name it: `7`, or `other:7` of another project. */
const endName = ({ project, number }: End, home: string): string =>
  project === home ? String(number) : `${project}:${number}`

/** The name of an edge in addresses of a project, which stays when the edge is corrected: `7.init.3`. */
export const edgeName = ({ child, parent, kind }: Named, home: string): string =>
  `${endName(child, home)}.${kind}.${endName(parent, home)}`

/** The edge that a name means; null: there is none of this name any more. */
export const edgeNamed = <E extends Named>(edges: readonly E[], name: string | null, home: string): E | null =>
  edges.find((edge) => edgeName(edge, home) === name) ?? null
