'use client'
/** A drawing of the page as a file of its own: SVG, or PNG at twice its size. */

export interface PictureWords {
  title: string
  /** What it shows over what and against what, one line each: filter, baseline, convention. */
  notes: readonly string[]
}

const PAD = 16
const HEAD = 34
const LINE = 17
const PNG_SCALE = 2
/** About as wide as a letter of the notes, in px. */
const LETTER = 6.4

/** What a file must carry itself, since it has neither the page's style sheets nor its theme. */
const CARRIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
  'paint-order',
  'dominant-baseline',
] as const

/** The drawing under its title, with its notes below, as an SVG document in the colours of the theme in force. */
export function svgPicture(svg: SVGSVGElement, { title, notes }: PictureWords): string {
  const width = svg.clientWidth || svg.getBoundingClientRect().width
  const height = svg.clientHeight || svg.getBoundingClientRect().height
  const lines = notes.flatMap((note) => wrapped(note, Math.floor(width / LETTER)))
  const foot = lines.length > 0 ? lines.length * LINE + 8 : 0
  const [w, h] = [width + 2 * PAD, height + HEAD + foot + 2 * PAD]
  const inner = svg.cloneNode(true) as SVGSVGElement
  carryStyles(svg, inner)
  for (const left of inner.querySelectorAll('[data-screen-only]')) left.remove()
  inner.setAttribute('x', String(PAD))
  inner.setAttribute('y', String(PAD + HEAD))
  inner.setAttribute('width', String(width))
  inner.setAttribute('height', String(height))
  if (!inner.hasAttribute('viewBox')) inner.setAttribute('viewBox', `0 0 ${width} ${height}`)
  const page = getComputedStyle(document.documentElement)
  const [ground, ink, quiet] = ['--bg', '--text', '--text-3'].map((name) => page.getPropertyValue(name).trim())
  const text = (words: string, x: number, y: number, size: number, weight: number, fill = quiet) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(words)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="Inter, system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w}" height="${h}" fill="${ground}"/>`,
    text(title, PAD, PAD + 16, 15, 600, ink),
    new XMLSerializer().serializeToString(inner),
    ...lines.map((line, i) => text(line, PAD, PAD + HEAD + height + 8 + (i + 1) * LINE - 4, 12, 400)),
    '</svg>',
  ].join('\n')
}

/** The same as a PNG; null where the browser cannot draw it. */
export const pngPicture = (svg: SVGSVGElement, words: PictureWords): Promise<Blob | null> =>
  pngOfSvg(svgPicture(svg, words))

/** An SVG document as a PNG of twice its size; null where the browser cannot draw it. */
export async function pngOfSvg(text: string): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width * PNG_SCALE
    canvas.height = image.height * PNG_SCALE
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}

function carryStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  for (const name of CARRIED) {
    const value = style.getPropertyValue(name)
    if (value) to.setAttribute(name, value)
  }
  to.removeAttribute('class')
  to.removeAttribute('style')
  const children = to.children
  for (const [i, child] of [...from.children].entries()) if (children[i]) carryStyles(child, children[i])
}

/** Words in lines of at most `most` letters. */
function wrapped(words: string, most: number): string[] {
  const lines = ['']
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length + 1 > most) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
