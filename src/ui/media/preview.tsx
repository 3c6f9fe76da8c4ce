'use client'
import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '#src/core/format/bytes.ts'
import { formatExactCount } from '#src/core/format/count.ts'
import { readHistogram } from '#src/core/media/histogram-text.ts'
import { previewKind } from '#src/core/media/preview-kind.ts'
import { readTableText } from '#src/core/media/table-text.ts'
import { ScrollBox } from '#src/ui/table/scroll-box.tsx'
import tableStyles from '#src/ui/table/table.module.css'
import { artifactAddress } from './artifact-address.ts'
import { HistogramDrawing } from './histogram-drawing.tsx'
import styles from './media.module.css'
import { useText } from './use-text.ts'

const TEXT_BYTES = 128 * 1024
const TABLE_BYTES = 512 * 1024
const ROWS_SHOWN = 200

export interface PreviewedFile {
  id: string
  name: string
  type: string
  size: number
}

/**
 * A file of a run, shown by its kind.
 *
 * @param props.what names it to people who do not see it: "samples at step 40"
 * @param props.height CSS px that it takes at most; it has them from the beginning
 */
export function Preview(props: { file: PreviewedFile; what: string; height: number }) {
  const { file, what, height } = props
  const kind = previewKind(file)
  if (kind === 'image')
    return (
      // biome-ignore lint/performance/noImgElement: a file of a run, behind the session's cookie, of any size
      <img
        className={styles.image}
        style={{ maxHeight: height }}
        src={artifactAddress(file.id)}
        alt={what}
        loading="lazy"
      />
    )
  if (kind === 'audio')
    return (
      // biome-ignore lint/a11y/useMediaCaption: a run logs sounds without words for them
      <audio className={styles.audio} controls preload="metadata" src={artifactAddress(file.id)} aria-label={what} />
    )
  if (kind === 'page') return <FramedPage {...props} />
  if (kind === 'table') return <TablePreview {...props} />
  if (kind === 'histogram') return <HistogramPreview {...props} />
  if (kind === 'text') return <TextPreview {...props} />
  return (
    <p className="ink-3">
      {formatBytes(file.size)} that cannot be shown here.{' '}
      <a className="link" href={artifactAddress(file.id)}>
        Download
      </a>
    </p>
  )
}

interface Props {
  file: PreviewedFile
  what: string
  height: number
}

function TextPreview({ file, what, height }: Props) {
  const text = useText(file.id, TEXT_BYTES)
  if (text.isError) return <Failed error={text.error} retry={() => void text.refetch()} />
  if (!text.data) return <Skeleton height={Math.min(height, 72)} />
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a box that scrolls */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className={styles.text} style={{ maxHeight: height }} role="region" aria-label={what} tabIndex={0}>
        {text.data.text === '' ? <span className="ink-3">empty</span> : text.data.text}
      </div>
      {text.data.isWhole ? null : (
        <p className={styles.note}>
          The first {formatBytes(TEXT_BYTES)} of {formatBytes(file.size)}.
        </p>
      )}
    </>
  )
}

function TablePreview({ file, what, height }: Props) {
  const text = useText(file.id, TABLE_BYTES)
  if (text.isError) return <Failed error={text.error} retry={() => void text.refetch()} />
  if (!text.data) return <Skeleton height={Math.min(height, 96)} />
  const table = readTableText(file.name, text.data.text, text.data.isWhole)
  if (table === null) return <TextPreview file={file} what={what} height={height} />
  if (table.rows.length === 0) return <p className="ink-3">A table without rows.</p>
  const shown = table.rows.slice(0, ROWS_SHOWN)
  const isAll = text.data.isWhole && shown.length === table.rows.length
  return (
    <>
      <div className={styles.tableBox} style={{ maxHeight: height }}>
        <ScrollBox label={what}>
          <table className={tableStyles.table} data-rows="compact">
            <caption className="visually-hidden">{what}</caption>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col" className={styles.columnHead}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a stored file keep their place
                <tr key={i}>
                  {row.map((cell, k) => (
                    <td
                      key={table.columns[k]}
                      data-align={typeof cell === 'number' ? 'right' : undefined}
                      className={styles.cell}
                    >
                      {cell === null ? <span className="ink-3">–</span> : String(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </div>
      <p className={styles.note}>
        {isAll
          ? `${formatExactCount(shown.length)} ${shown.length === 1 ? 'row' : 'rows'}.`
          : `The first ${formatExactCount(shown.length)} rows; the file has ${formatBytes(file.size)}.`}
      </p>
    </>
  )
}

function HistogramPreview({ file, what, height }: Props) {
  const text = useText(file.id, TABLE_BYTES)
  if (text.isError) return <Failed error={text.error} retry={() => void text.refetch()} />
  if (!text.data) return <Skeleton height={Math.min(height, 120)} />
  const histogram = readHistogram(text.data.text)
  if (!histogram) return <TextPreview file={file} what={what} height={height} />
  return <HistogramDrawing histogram={histogram} what={what} height={Math.min(height, 140)} />
}

/** HTML of a run: without an origin, without a network, and without its scripts until somebody asks for them. */
function FramedPage({ file, what, height }: Props) {
  const [mayRun, setMayRun] = useState(false)
  return (
    <>
      <iframe
        key={String(mayRun)}
        className={styles.frame}
        style={{ height }}
        title={what}
        src={artifactAddress(file.id, mayRun ? 'program' : 'page')}
        sandbox={mayRun ? 'allow-scripts' : ''}
        referrerPolicy="no-referrer"
        loading="lazy"
      />
      <p className={styles.note}>
        {mayRun
          ? 'Its scripts run apart from this page: they cannot reach it, your account or the network.'
          : 'Shown without its scripts. '}
        {mayRun ? null : (
          <Button size="compact-xs" onClick={() => setMayRun(true)}>
            Run its scripts
          </Button>
        )}
      </p>
    </>
  )
}

function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <p className="ink-2" role="alert">
      It could not be loaded: {error instanceof Error ? error.message : String(error)}{' '}
      <button type="button" className="link" onClick={retry}>
        Try again
      </button>
    </p>
  )
}
