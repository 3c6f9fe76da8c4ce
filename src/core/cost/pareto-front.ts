/** Something that costs `x` and is worth `y`. */
export interface Offer {
  x: number
  y: number
}

/**
 * Which offers nobody beats: no other one is at least as good on both axes and better on one. Of the point estimates: intervals are
 * the reader's to weigh.
 *
 * @param lessX  true where less of x is better (cost); false where more is
 * @param lessY  the same of y (bits per byte)
 * @returns places in `offers`, in the order of x from good to bad; alike offers are all on it
 */
export function paretoFront(offers: readonly Offer[], lessX: boolean, lessY: boolean): number[] {
  const badness = offers.map(({ x, y }) => ({ x: lessX ? x : -x, y: lessY ? y : -y }))
  const order = [...offers.keys()].sort(
    (a, b) => at(badness, a).x - at(badness, b).x || at(badness, a).y - at(badness, b).y,
  )
  const front: number[] = []
  let best: Offer | null = null
  for (const i of order) {
    const offer = at(badness, i)
    const isAlike = best !== null && offer.x === best.x && offer.y === best.y
    if (best !== null && offer.y >= best.y && !isAlike) continue
    front.push(i)
    best = offer
  }
  return front
}

const at = (offers: readonly Offer[], i: number): Offer => offers[i] as Offer
