import type { ReactNode } from 'react'
import type { Matrix } from '#src/protocol/matrix.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { Empty } from '#src/ui/kit/empty.tsx'

/** In place of a matrix without a cell: what an evaluation is, and the line that sends one. */
export function NothingMeasured({ matrix, children }: { matrix: Pick<Matrix, 'measured'>; children?: ReactNode }) {
  const isAny = (matrix.measured?.length ?? 0) > 0
  return (
    <Empty
      title={isAny ? 'None of these checkpoints was measured' : 'Nothing was measured yet'}
      text={<>An evaluation is a benchmark's score on a checkpoint, with its items where they exist. {children}</>}
    >
      <CodeBlock
        label="From Python, after a checkpoint was saved:"
        text={'run.log_eval("benchmark", score=0.81, n=128, metric="accuracy", checkpoint=checkpoint)'}
      />
      <CodeBlock label="Or from files of lm-evaluation-harness:" text="npx descent import lm-eval DIR" />
    </Empty>
  )
}
