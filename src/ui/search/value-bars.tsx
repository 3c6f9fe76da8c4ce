import styles from './search.module.css'

/** How values spread, as bars without an axis; the range stands beside them as text. */
export function ValueBars({ bars, width, height }: { bars: readonly number[]; width: number; height: number }) {
  const most = Math.max(...bars, 1)
  const step = width / Math.max(bars.length, 1)
  const gap = step > 2 ? 1 : 0
  return (
    <svg className={styles.bars} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden>
      {bars.map((count, i) => {
        const tall = count === 0 ? 0 : Math.max(1, (count / most) * height)
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
        return <rect key={i} x={i * step} y={height - tall} width={step - gap} height={tall} />
      })}
    </svg>
  )
}
