/** Colours as people see them, those with a kind of colour blindness too. */

export const SIGHTS = ['usual', 'protan', 'deutan', 'tritan'] as const
/** Usual sight, or without red, green or blue cones. */
export type Sight = (typeof SIGHTS)[number]

type Three = readonly [number, number, number]

/** Full severity, on linear RGB: Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, table 1 of their supplement. */
const SEEN: Readonly<Record<Exclude<Sight, 'usual'>, readonly [Three, Three, Three]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** `#rrggbb` as linear RGB, 0 to 1. */
function linear(hex: string): Three {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function seen(rgb: Three, sight: Sight): Three {
  if (sight === 'usual') return rgb
  const [r, g, b] = SEEN[sight].map((row) =>
    Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])),
  )
  return [r ?? 0, g ?? 0, b ?? 0]
}

/** The lightness L* of `#rrggbb` and its a* and b* (CIELAB, D65), as it is seen. */
export function labOf(hex: string, sight: Sight = 'usual'): Three {
  const [r, g, b] = seen(linear(hex), sight)
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883
  const [fx = 0, fy = 0, fz = 0] = [x, y, z].map((t) =>
    t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116,
  )
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

/** How far two colours are apart to a kind of sight: ΔE of CIE76. About 2 is the least that is noticed, 10 is told at a glance. */
export function colourDistance(a: string, b: string, sight: Sight = 'usual'): number {
  const [first, second] = [labOf(a, sight), labOf(b, sight)]
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2])
}

/** The contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r, g, blue] = linear(hex)
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
