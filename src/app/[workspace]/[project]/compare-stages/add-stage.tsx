'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ExperimentRef } from '#src/protocol/experiments.ts'
import { Select } from '#src/ui/kit/select.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { stageKey } from './stage-key.ts'

/** Stages that another project offers. */
const LISTED_MAX = 1000

/** Adds a stage of this project or, where there are several, of another one of the workspace. */
export function AddStage(props: {
  workspace: string
  project: string
  /** Stages of this project. */
  own: readonly ExperimentRef[]
  /** Those that are compared already, by their keys. */
  taken: readonly string[]
  onAdd: (key: string) => void
}) {
  const { workspace, project, own, taken, onAdd } = props
  const [chosen, setChosen] = useState(project)
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions({ workspace }))
  const others = useQuery({
    ...trpc.experiments.list.queryOptions({ workspace, project: chosen, limit: LISTED_MAX }),
    enabled: chosen !== project,
  })
  const slugs = (projects.data ?? []).map(({ slug }) => slug)
  const stages = chosen === project ? own : (others.data?.items ?? []).filter((stage) => !stage.is_unstaged)
  const free = stages.filter((stage) => !taken.includes(stageKey(stage, project)))
  return (
    <>
      {slugs.length > 1 ? (
        <Select
          aria-label="Project of the stage to add"
          w={180}
          searchable={slugs.length > 12}
          value={chosen}
          data={slugs.map((slug) => ({ value: slug, label: slug === project ? 'From this project' : `From ${slug}` }))}
          onChange={(slug) => setChosen(slug ?? project)}
        />
      ) : null}
      <Select
        aria-label="Add a stage"
        placeholder={free.length > 0 ? 'Add a stage' : 'No other stage there'}
        w={180}
        searchable
        value={null}
        data={free.map((stage) => ({ value: stageKey(stage, project), label: `${stage.name} #${stage.number}` }))}
        onChange={(key) => key !== null && onAdd(key)}
      />
    </>
  )
}
