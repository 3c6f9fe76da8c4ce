const ADJECTIVES =
  'amber bold brave bright brisk calm candid clear clever cosy crisp daring deft eager early even fair fine fleet fresh gentle glad golden grand happy hardy honest humble keen kind lively loyal lucid lucky mellow merry mild modest neat nimble noble open patient plain polite prime proud quick quiet ready robust round sage sharp silent silver sleek smooth snowy sober solid spry stable steady still stout sturdy subtle sunny swift tender tidy tranquil true vivid warm wide wise witty young zesty'.split(
    ' ',
  )
const NOUNS =
  'acorn alder anchor arrow aspen badger beacon birch bison brook canyon cedar cliff cloud comet coral crane creek cypress dawn delta dove dune eagle elm ember falcon fern fjord forest fox garnet glacier grove gull harbor hawk hazel heron hill island ivy jade juniper kestrel lagoon lake lark laurel linden lynx maple marsh meadow mesa moon moss oak ocean olive orchid osprey otter owl pearl pebble pine plover pond poplar prairie quartz raven reef ridge river robin rowan sage sail sequoia shore sparrow spruce star stone stream summit swallow swan thistle thrush tide valley violet walnut willow wren'.split(
    ' ',
  )

/** A name that people can say: adjective, noun and the run's number, such as `quiet-heron-41`. The same uid gives the same words. */
export function sayableName(uid: string, number: number): string {
  const digits = uid.replaceAll('-', '')
  const word = (words: readonly string[], hex: string) => words[Number.parseInt(hex, 16) % words.length]
  // The last digits: the first ones of a version-7 UUID are a clock.
  return `${word(ADJECTIVES, digits.slice(-12, -6))}-${word(NOUNS, digits.slice(-6))}-${number}`
}
