'use client'
/** The workspace of charts in a file of its own: charts are as large as all else together, and what is beside them does not wait. */
import { Skeleton } from '@mantine/core'
import { useRef } from 'react'
import { useWidth } from '#src/ui/charts/box-size.ts'
import { loadPart } from '#src/ui/kit/load-part.ts'
import { MissingPart } from '#src/ui/kit/missing-part.tsx'
import styles from './workspace.module.css'
import type { WorkspaceProps } from './workspace.tsx'

const part = loadPart(() => import('./workspace.tsx').then((file) => file.Workspace))

/** Begins to load the workspace. */
export const preloadWorkspace = part.preload

/**
 * The workspace once it is there; it is laid out at the width that its place has.
 *
 * @param props.shape the height that is held until then, CSS px
 */
export function WorkspaceLater({ shape, ...props }: Omit<WorkspaceProps, 'width'> & { shape: number }) {
  const { part: Workspace, retry } = part.useHere()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  return (
    <>
      <div ref={box} className={styles.measure} />
      {Workspace && width > 0 ? (
        <Workspace {...props} width={width} />
      ) : retry ? (
        <MissingPart retry={retry} />
      ) : (
        <Skeleton height={shape} radius={0} />
      )}
    </>
  )
}
