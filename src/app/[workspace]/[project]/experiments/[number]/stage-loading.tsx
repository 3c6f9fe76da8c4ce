import { Skeleton } from '@mantine/core'
import styles from './stage.module.css'

/** The shape of a stage page: head, five numbers, origin and evaluations. */
export function StageLoading() {
  return (
    <>
      <Skeleton height={28} width={300} mb={16} />
      <Skeleton height={80} mb={20} />
      <div className={styles.body}>
        <div className={styles.origin}>
          <Skeleton height={270} mb={16} />
          <Skeleton height={200} />
        </div>
        <Skeleton height={480} />
      </div>
    </>
  )
}
