'use client'
import { ActionIcon } from '@mantine/core'
import { ArrowDownToLine, ChartLine, Download, WrapText } from 'lucide-react'
import { formatExactCount } from '#src/core/format/count.ts'
import { type ChartsAround, whyNotFollowing } from './charts-follow.tsx'
import styles from './console.module.css'
import type { ConsolePlace } from './console-lines.ts'

/** How a console is looked at: with the charts, wrapped, at its end; and the download of the whole. */
export function ConsoleActions(props: {
  place: ConsolePlace
  total: number
  charts: ChartsAround & { follows: boolean; onFollows: (follows: boolean) => void }
  wraps: boolean
  onWraps: (wraps: boolean) => void
  following: boolean
  onFollowing: (following: boolean) => void
}) {
  const { place, total, charts, wraps, following } = props
  const whyNot = whyNotFollowing(charts)
  const download = `Download all ${formatExactCount(total)} lines`
  return (
    <>
      <button
        type="button"
        className={styles.follow}
        aria-pressed={charts.follows && whyNot === null}
        aria-disabled={whyNot !== null || undefined}
        title={whyNot ?? 'Go to the line of the step at which the crosshair of the charts stands'}
        onClick={() => {
          if (whyNot === null) charts.onFollows(!charts.follows)
        }}
      >
        <ChartLine size={14} strokeWidth={1.75} aria-hidden />
        With charts
      </button>
      <button type="button" className={styles.follow} aria-pressed={wraps} onClick={() => props.onWraps(!wraps)}>
        <WrapText size={14} strokeWidth={1.75} aria-hidden />
        Wrap
      </button>
      <button
        type="button"
        className={styles.follow}
        aria-pressed={following}
        onClick={() => props.onFollowing(!following)}
      >
        <ArrowDownToLine size={14} strokeWidth={1.75} aria-hidden />
        {following ? 'Following' : 'Follow'}
      </button>
      {total > 0 ? (
        <ActionIcon
          component="a"
          variant="subtle"
          color="gray"
          size={28}
          href={`/api/screen/console?${new URLSearchParams({ ...place, run: String(place.run) })}`}
          aria-label={download}
          title={download}
        >
          <Download size={14} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
      ) : null}
    </>
  )
}
