import { Skeleton } from '@mantine/core'

/** Rows of a table that is still loading: as many and as high as will probably come. */
export function LoadingRows({ rows = 6, height = 32 }: { rows?: number; height?: number }) {
  return (
    <div>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <Skeleton key={i} height={height - 10} mt={5} mb={5} />
      ))}
    </div>
  )
}
