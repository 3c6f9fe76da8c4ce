'use client'
import { useState } from 'react'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { Modal } from '#src/ui/kit/modal.tsx'
import type { BudgetProps } from './budget-form.tsx'

const BudgetForm = later(() => import('./budget-form.tsx').then((file) => file.BudgetForm))

/** What the stage may lose, changed in a dialog. */
export function StageBudget(props: BudgetProps) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={props.mayWrite ? null : 'Your role here can look but not change budgets.'}
        onClick={() => setOpened(true)}
      >
        Change budget
      </ExplainedButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title="What this stage may lose">
        {opened ? <BudgetForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </>
  )
}
