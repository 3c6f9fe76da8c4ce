import { Skeleton } from '@mantine/core'
import styles from './run.module.css'

/** The shape of a run page: head, numbers, lane, charts and evidence. */
export function RunLoading() {
  return (
    <>
      <Skeleton height={28} width={320} mb={16} />
      <Skeleton height={18} width={560} mb={14} />
      <Skeleton height={70} mb={12} />
      <Skeleton height={64} mb={12} />
      <div className={styles.columns}>
        <div className={styles.left}>
          <Skeleton height={220} mb={12} />
          <Skeleton height={140} mb={12} />
          <Skeleton height={300} />
        </div>
        <div className={styles.right}>
          <Skeleton height={260} mb={12} />
          <Skeleton height={180} />
        </div>
      </div>
    </>
  )
}
