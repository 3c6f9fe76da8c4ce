'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ROLE_PERMISSIONS, type Role } from '#src/core/roles/permissions.ts'
import { useGo } from '#src/ui/connection/use-go.ts'
import { Answer } from '#src/ui/kit/answer.tsx'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { LoadingRows } from '#src/ui/kit/loading.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { paths } from '#src/ui/paths.ts'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './example-lineages.module.css'

/** Built-in lineages to look at; loading one opens it as a project of its own. */
export function ExampleLineages({ workspace, role }: { workspace: string; role: Role }) {
  const trpc = useTRPC()
  const go = useGo()
  const queryClient = useQueryClient()
  const examples = useQuery(trpc.examples.list.queryOptions({ workspace }))
  const load = useMutation(
    trpc.examples.load.mutationOptions({
      onSuccess: async ({ project }) => {
        await queryClient.invalidateQueries(trpc.projects.list.queryFilter({ workspace }))
        go(paths.lineage(workspace, project))
      },
    }),
  )
  const may = ROLE_PERMISSIONS[role].includes('project:create')
  return (
    <Answer query={examples} what="The list of examples" loading={<LoadingRows rows={2} />}>
      {(list) => (
        <>
          {load.error ? (
            <Notice tone="problem" title="The example was not loaded">
              <p>{readFailure(load.error).sentence}</p>
            </Notice>
          ) : null}
          <ul className={styles.list} aria-label="Example lineages">
            {list.map(({ name, title, description, stages, scores }) => (
              <li key={name} className={styles.row}>
                <div className={styles.words}>
                  <strong>{title}</strong>
                  <span className="ink-3">
                    {stages} stages, {scores === 0 ? 'planned, nothing measured' : `${scores} published scores`}
                  </span>
                  <p className="ink-2">{description}</p>
                </div>
                <ExplainedButton
                  why={may ? null : `Your role here is ${role}; editors, admins and owners load examples.`}
                  loading={load.isPending && load.variables.example === name}
                  onClick={() => load.mutate({ workspace, example: name })}
                >
                  Load {title}
                </ExplainedButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </Answer>
  )
}

/** The same in a dialog. */
export function ExamplesDialog(props: { workspace: string; role: Role; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Load an example lineage" size="lg">
      {props.opened ? <ExampleLineages workspace={props.workspace} role={props.role} /> : null}
    </Modal>
  )
}
