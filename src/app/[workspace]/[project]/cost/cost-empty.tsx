'use client'
import Link from 'next/link'
import type { ProjectCost } from '#src/protocol/cost.ts'
import type { CostUnit } from '#src/ui/cost/cost-units.ts'
import type { Waterfall } from '#src/ui/cost/prepare-waterfall.ts'
import { sumTotals } from '#src/ui/cost/totals.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { PageHead } from '#src/ui/kit/page-head.tsx'
import { paths } from '#src/ui/paths.ts'

const PlanTab = later(() => import('./cost-tabs.tsx').then((file) => file.PlanTab))

interface Place {
  workspace: string
  project: string
}

const MISSING: Readonly<Record<CostUnit, string>> = {
  time: 'No device time is known',
  money: 'Price missing',
  flops: 'FLOPs are not known',
  energy: 'Energy is not known',
  carbon: 'CO₂e is not known',
}

/** In place of bars of which none has a value in the unit: why, and the unit that is known. */
export function NotAvailable(props: { waterfall: Waterfall; unit: CostUnit; onTime: () => void }) {
  const { unit } = props
  const why = props.waterfall.bars.find((bar) => bar.lacks !== null && bar.stage?.role === 'stage')?.lacks
  const isHere = (unit === 'energy' || unit === 'carbon') && (why?.startsWith('not available on this machine') ?? false)
  const what = isHere ? `${unit === 'energy' ? 'Energy' : 'CO₂e'} is not available on this machine` : MISSING[unit]
  const reason = isHere ? why?.replace(/^not available on this machine: /, '') : why
  return (
    <Empty title={what} text={reason ? `${sentence(reason)} Hours are known.` : 'Hours are known.'}>
      <button type="button" className="link" onClick={props.onTime}>
        Show device time
      </button>
    </Empty>
  )
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

/** Before anything was made: what is planned where stages are, else where to begin. */
export const NothingSpent = ({ workspace, project, whole }: Place & { whole: ProjectCost }) => (
  <>
    <PageHead title="Cost" sentence="Nothing was spent yet" />
    <Empty
      title="No run has held hardware yet"
      text="Allocated device-hours of runs become money by the price book of the workspace."
    >
      <Link className="link" href={paths.lineage(workspace, project)}>
        {whole.stages.length === 0 ? 'Begin with a stage' : 'Stages of this project'}
      </Link>
    </Empty>
    {whole.stages.length === 0 ? null : <PlanTab workspace={workspace} project={project} />}
  </>
)

const counted = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`
const notYet = (runs: number): string => (runs === 1 ? '1 run has not.' : `${runs} runs have not.`)

export const NoHardware = ({ data }: Place & { data: ProjectCost }) => (
  <>
    <PageHead
      title="Cost"
      sentence={`No hardware was reported by the runs of ${counted(data.stages.length, 'stage')}`}
    />
    <Empty
      title="No hardware reported"
      text={`Runs that an agent starts tell their devices themselves. Others say it once: ${notYet(sumTotals([data.totals.all]).runs_lacking)}`}
    >
      <CodeBlock
        label="Afterwards, for a run that told none:"
        text={`curl -X POST "$DESCENT_URL/api/v1/runs/RUN/allocations" -H "Authorization: Bearer $DESCENT_KEY" -H 'Content-Type: application/json' \\
  -d '{"allocations": [{"device_kind": "gpu", "device_name": "NVIDIA H100 80GB HBM3", "count": 8, "started_at": "2026-11-09T08:00:00Z", "ended_at": "2026-11-09T20:00:00Z"}]}'`}
      />
    </Empty>
  </>
)
