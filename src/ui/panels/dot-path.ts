import type { DotShape } from './panel-colours.ts'

/** The outline of a dot around a place, in px. Dots of one look are one path, so that 10,000 of them are few elements. */
export function dotPath(shape: DotShape, x: number, y: number, r: number): string {
  const [px, py] = [x.toFixed(1), y.toFixed(1)]
  switch (shape) {
    case 'circle':
      return `M${(x - r).toFixed(1)} ${py}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`
    case 'square': {
      const half = round(r * 0.89)
      return `M${(x - half).toFixed(1)} ${(y - half).toFixed(1)}h${2 * half}v${2 * half}h${-2 * half}z`
    }
    case 'triangle': {
      const [wide, high] = [round(r * 1.1), round(r * 1.9)]
      return `M${px} ${(y - r * 1.15).toFixed(1)}l${wide} ${high}h${-2 * wide}z`
    }
    case 'diamond': {
      const reach = round(r * 1.25)
      return `M${px} ${(y - reach).toFixed(1)}l${reach} ${reach}l${-reach} ${reach}l${-reach} ${-reach}z`
    }
  }
}

const round = (value: number): number => Number(value.toFixed(2))
