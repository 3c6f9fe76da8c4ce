'use client'
import { Button, SegmentedControl, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { DECISION_WORDS, DECISIONS, type Decision, REASON_MAX } from '#src/core/decisions/decisions.ts'
import type { DecisionPage, DecisionView } from '#src/protocol/decisions.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { FormFoot } from '#src/ui/kit/form-foot.tsx'
import { MarkdownView } from '#src/ui/kit/markdown-view.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { Notice } from '#src/ui/kit/problem.tsx'
import { refusedBy } from '#src/ui/kit/refusal.ts'
import { Section } from '#src/ui/kit/section.tsx'
import { Ago } from '#src/ui/shell/ago.tsx'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import styles from './decision.module.css'
import type { DecisionPlace } from './decision-address.ts'

type Props = DecisionPlace & { page: DecisionPage; mayWrite: boolean }

/** What was decided and why; until somebody decides, what the numbers say by rule. */
export function DecisionText(props: Props) {
  const { page, mayWrite } = props
  const { decision, proposal, earlier } = page
  const [opened, setOpened] = useState(false)
  const shown = decision ?? proposal
  return (
    <Section
      title={decision ? 'Decision' : 'By the numbers'}
      note={
        decision ? (
          <>
            {decision.by}, <Ago at={decision.at} />
          </>
        ) : (
          'a draft by rule; nobody decided yet'
        )
      }
      className={styles.decision}
      actions={
        <ExplainedButton
          variant={decision ? 'default' : 'filled'}
          why={mayWrite ? null : 'Your role here can look but not decide.'}
          onClick={() => setOpened(true)}
        >
          {decision ? 'Change decision' : 'Decide'}
        </ExplainedButton>
      }
    >
      <p className={styles.verdict} data-draft={decision === null || undefined}>
        {DECISION_WORDS[shown.decision]}
      </p>
      <MarkdownView text={shown.reason} />
      {earlier.length > 0 ? <Earlier earlier={earlier} /> : null}
      <Modal opened={opened} onClose={() => setOpened(false)} title={`Decide on ${page.experiment.name}`} size="lg">
        {opened ? <DecisionForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </Section>
  )
}

function Earlier({ earlier }: { earlier: readonly DecisionView[] }) {
  return (
    <details className={styles.earlier}>
      <summary>
        {earlier.length} earlier {earlier.length === 1 ? 'decision' : 'decisions'}
      </summary>
      <ol>
        {earlier.map((one) => (
          <li key={one.revision}>
            <p>
              <strong>{DECISION_WORDS[one.decision]}</strong>{' '}
              <span className="ink-3">
                {one.by}, <Ago at={one.at} />
              </span>
            </p>
            <MarkdownView text={one.reason} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function DecisionForm({ workspace, project, number, page, onClose }: Props & { onClose: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const begun = page.decision ?? page.proposal
  const [decision, setDecision] = useState<Decision>(begun.decision)
  const [reason, setReason] = useState(begun.reason)
  // Of the decision that the form was opened over: what others decide meanwhile must not be overwritten unseen.
  const [revision, setRevision] = useState(page.decision?.revision ?? 0)
  const save = useMutation(
    trpc.decisions.save.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.decisions.page.queryFilter({ workspace, project })),
      onSuccess: onClose,
    }),
  )
  const meanwhile = page.decision !== null && page.decision.revision !== revision ? page.decision : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ workspace, project, experiment: number, decision, reason, revision })
  }
  const refused = refusedBy(save.error, ['reason'])
  return (
    <form onSubmit={submit} noValidate>
      <SegmentedControl
        aria-label="Decision"
        fullWidth
        value={decision}
        onChange={(value) => setDecision(DECISIONS.find((one) => one === value) ?? 'undecided')}
        data={DECISIONS.map((value) => ({ value, label: DECISION_WORDS[value] }))}
      />
      <Textarea
        label="Reason"
        description="Markdown"
        mt={12}
        autosize
        minRows={6}
        maxRows={18}
        maxLength={REASON_MAX}
        value={reason}
        error={refused.at('reason')}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      {meanwhile ? (
        <Notice tone="warning" title={`${meanwhile.by} decided while you wrote: ${DECISION_WORDS[meanwhile.decision]}`}>
          <MarkdownView text={meanwhile.reason} />
          <Button mt={8} size="compact-xs" onClick={() => setRevision(meanwhile.revision)}>
            Write mine over it
          </Button>
        </Notice>
      ) : null}
      <FormFoot
        refused={meanwhile ? null : refused.elsewhere}
        verb="Save decision"
        busy={save.isPending}
        onClose={onClose}
      />
    </form>
  )
}
