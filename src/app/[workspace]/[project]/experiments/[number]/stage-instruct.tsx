import Link from 'next/link'
import type { StageProbes } from '#src/protocol/probes.ts'
import { CodeBlock } from '#src/ui/kit/code-block.tsx'
import { paths } from '#src/ui/paths.ts'
import styles from './stage-probes.module.css'

type Instruct = NonNullable<StageProbes['instruct']>

/** That the weights come from a model tuned to follow instructions: what is kept by default, and the template that it talks with. */
export function StageInstruct({ workspace, instruct }: { workspace: string; instruct: Instruct }) {
  const { tuned, benchmarks, chat_template: template, suggestion } = instruct
  return (
    <div className={styles.view}>
      <h3>Instruction following</h3>
      <p className={styles.text}>
        The weights come from{' '}
        <Link className="link" href={paths.stage(workspace, tuned.project, tuned.number)}>
          {tuned.name}
        </Link>
        , which was tuned to follow instructions.{' '}
        {benchmarks.length > 0 ? (
          <>
            Kept by default:{' '}
            {benchmarks.map(({ slug, name, measured }, i) => (
              <span key={slug}>
                {i > 0 ? ', ' : ''}
                <Link className="link" href={paths.benchmark(workspace, slug)} prefetch={false}>
                  {name}
                </Link>
                {measured ? '' : ' (not measured here)'}
              </span>
            ))}
            .
          </>
        ) : (
          'No benchmark of instruction following is known on its path.'
        )}{' '}
        {template ? (
          <>
            Chat template of {template.from.name}
            {template.by === 'protocol' ? ', as it was measured with' : ''}:{' '}
            <code className={styles.template} title={template.template}>
              {template.template}
            </code>
          </>
        ) : (
          'No chat template was told.'
        )}
      </p>
      {suggestion ? (
        <CodeBlock
          wrap
          label={`${suggestion.name} would show whether it still does. From Python:`}
          text={suggestion.command}
        />
      ) : null}
    </div>
  )
}
