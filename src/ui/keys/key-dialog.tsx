'use client'
import { Switch } from '@mantine/core'
import { Fragment, useEffect, useState } from 'react'
import { type Chord, isSingleKey, KEY_GROUPS } from '#src/core/keys/keys.ts'
import { Modal } from '#src/ui/kit/modal.tsx'
import styles from './keys.module.css'
import { setSingleKeys, useSingleKeys } from './single-keys.ts'

/** All keys, and the switch for those that are pressed alone. */
export function KeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size={820}>
      <Body />
    </Modal>
  )
}

function Body() {
  const isOn = useSingleKeys()
  const isMac = useIsMac()
  return (
    <>
      <Switch
        label="Single keys"
        description="Keys pressed alone, such as J, X and /. Turn them off if you speak to your computer; those with Ctrl or Command stay. Kept in this browser."
        checked={isOn}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
      <div className={styles.groups}>
        {KEY_GROUPS.map(({ title, where, lines }) => (
          <section key={title} className={styles.group} aria-label={title}>
            <h3 className={styles.title}>{title}</h3>
            {where === null ? null : <p className={styles.where}>{where}</p>}
            <dl className={styles.lines}>
              {lines.map(({ chords, does }) => (
                <div key={does} className={styles.line} data-off={(!isOn && chords.every(isSingleKey)) || undefined}>
                  <dt>
                    {chords.map((chord, i) => (
                      <Fragment key={chord.join(' ')}>
                        {i > 0 ? <span className="ink-3"> or </span> : null}
                        <ChordKeys chord={chord} isMac={isMac} />
                      </Fragment>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </>
  )
}

const ChordKeys = ({ chord, isMac }: { chord: Chord; isMac: boolean }) => (
  <span className={styles.chord}>
    {chord.map((key) => (
      <kbd key={key} className={styles.key}>
        {key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key}
      </kbd>
    ))}
  </span>
)

function useIsMac(): boolean {
  const [isMac, setMac] = useState(false)
  useEffect(() => setMac(/Mac|iPhone|iPad/.test(navigator.userAgent)), [])
  return isMac
}
