'use client'
import { Lock, LockOpen } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import type { StagePage } from '#src/protocol/lineage.ts'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import { paths } from '#src/ui/paths.ts'
import { Ago } from '#src/ui/shell/ago.tsx'
import styles from './stage.module.css'
import type { StagePlace } from './stage-place.ts'

const GateForm = later(() => import('./gate-form.tsx').then((file) => file.GateForm))

type Props = StagePlace & { page: StagePage; mayWrite: boolean }

/** What the gate of this stage holds up and why, or who let it pass; nothing where it holds nothing up. */
export function StageGate(props: Props) {
  const { gate, budget } = props.page.forgetting
  if (gate.state === 'overridden' && gate.override)
    return (
      <p className={styles.gate}>
        <LockOpen size={14} strokeWidth={1.75} aria-hidden />
        <span>
          {gate.override.by} let this checkpoint pass its gate: “{gate.override.reason}”{' '}
          <span className="ink-3">
            <Ago at={gate.override.at} />
          </span>
        </span>
      </p>
    )
  if (!budget.holds || gate.why === null || props.page.forgetting.checkpoint === null) return null
  return (
    <div className={styles.gate} data-shut>
      <Lock size={14} strokeWidth={1.75} aria-hidden />
      <span>
        <Held {...props} />: {gate.why}.
      </span>
      <LetPass {...props} />
    </div>
  )
}

function Held({ page, workspace }: Props) {
  const { held } = page.forgetting.gate
  if (held.length === 0) return <>The gate holds up what starts here; nothing waits for it yet</>
  return (
    <>
      The gate holds up{' '}
      {held.map((stage, i) => (
        <span key={stage.number}>
          {i === 0 ? '' : i === held.length - 1 ? ' and ' : ', '}
          <Link className="link" href={paths.stage(workspace, stage.project, stage.number)}>
            {stage.name}
          </Link>
        </span>
      ))}
    </>
  )
}

function LetPass(props: Props) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={props.mayWrite ? null : 'Your role here can look but not let anything pass.'}
        onClick={() => setOpened(true)}
      >
        Let it pass…
      </ExplainedButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Let this checkpoint pass">
        {opened ? <GateForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </>
  )
}
