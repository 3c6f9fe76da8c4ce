'use client'
import { useEffect, useState } from 'react'
import { ExplainedButton } from '#src/ui/kit/explained-button.tsx'
import { later } from '#src/ui/kit/later.tsx'
import { whenIdle } from '#src/ui/kit/load-part.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import type { ToldProps } from './told-form.tsx'

const ToldForm = later(() => import('./told-form.tsx').then((file) => file.ToldForm))

/** Who owns the stage, and what was done against forgetting, changed in a dialog. */
export function StageTold(props: ToldProps) {
  const [opened, setOpened] = useState(false)
  useEffect(() => whenIdle(ToldForm.preload), [])
  return (
    <>
      <ExplainedButton
        size="compact-xs"
        variant="subtle"
        why={props.mayWrite ? null : 'Your role here can look but not change stages.'}
        onClick={() => setOpened(true)}
      >
        Edit
      </ExplainedButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`What is said of ${props.experiment.name}`}>
        {opened ? <ToldForm {...props} onClose={() => setOpened(false)} /> : null}
      </Modal>
    </>
  )
}
