'use client'
import { useEffect, useState } from 'react'
import type { TermKey } from '#src/core/glossary/terms.ts'
import { loadPart } from '#src/ui/kit/load-part.ts'
import { GLOSSARY_ASKED } from './open-glossary.ts'

const dialog = loadPart(() => import('./glossary-dialog.tsx').then((file) => file.GlossaryDialog))

type Asked = { at: TermKey | null } | null

/** The account's menu and every explained word open it; it comes when it is first asked for. */
export function Glossary() {
  const [asked, setAsked] = useState<Asked>(null)
  const [isWanted, setIsWanted] = useState(false)
  useEffect(() => {
    const open = (event: Event) => {
      setIsWanted(true)
      setAsked({ at: (event as CustomEvent<TermKey | null>).detail })
    }
    window.addEventListener(GLOSSARY_ASKED, open)
    return () => window.removeEventListener(GLOSSARY_ASKED, open)
  }, [])
  return isWanted ? <Loaded asked={asked} setAsked={setAsked} /> : null
}

function Loaded({ asked, setAsked }: { asked: Asked; setAsked: (asked: Asked) => void }) {
  const GlossaryDialog = dialog.use()
  // It opens once it is there: what had the focus then is what it gives it back to.
  const [shown, setShown] = useState<Asked>(null)
  useEffect(() => setShown(GlossaryDialog ? asked : null), [asked, GlossaryDialog])
  return GlossaryDialog ? (
    <GlossaryDialog asked={shown} onTerm={(at) => setAsked({ at })} onClose={() => setAsked(null)} />
  ) : null
}
