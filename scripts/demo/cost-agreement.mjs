// Whether what the cost page draws, lists and sums is one number: bars of the waterfall, their table, and Σ held hours × price.

/** Amounts are exact decimals; device-hours come as doubles, so that sums of products agree to about twelve places. */
const EXACT_TO = 1e-9

/**
 * @param lineage answer of `…/experiments/{leaf}/cost/lineage` in the full view
 * @param project answer of `…/cost` of the same project
 * @returns the sums, money by kind of segment, and whether the sums agree to the cent and to 1e-9
 */
export function costAgreement(lineage, project) {
  const currency = project.totals.all.amounts[0]?.currency ?? ''
  const amount = (total) => Number(total.amounts.find((a) => a.currency === currency)?.amount ?? 0)
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0)
  const stages = [...lineage.stages, ...lineage.abandoned]
  const model = sum(lineage.stages.map((stage) => amount(stage.total)))
  const bars = sum(stages.map((stage) => amount(stage.total) + amount(stage.beside_total)))
  const segments = sum(stages.flatMap((stage) => [...stage.segments, ...stage.beside]).map((s) => amount(s.total)))
  const held = sum(project.pieces.map((piece) => piece.device_hours * Number(piece.per_hour ?? 0)))
  const entries = sum(
    Object.entries(project.totals.by_kind).map(([kind, total]) => (ENTRY_KINDS.has(kind) ? amount(total) : 0)),
  )
  const total = amount(project.totals.all)
  const byKind = Object.fromEntries(
    Object.entries(project.totals.by_kind)
      .map(([kind, part]) => [kind, amount(part)])
      .filter(([, value]) => value !== 0),
  )
  const sums = [bars, segments, held + entries, total]
  const isWhole = project.pieces.length === project.pieces_total && project.totals.all.lacks.length === 0
  return {
    currency,
    model,
    modelTotal: amount(lineage.totals.full),
    bars,
    held,
    entries,
    total,
    /** False where a price or hardware is not known, or more stretches were held than an answer tells. */
    isWhole,
    byKind,
    abandoned: amount(project.totals.abandoned),
    /** Stages with one bar each: a parent that is a reference too is one. */
    stages: stages.length,
    toTheCent: isWhole && new Set(sums.map((value) => Math.round(value * 100))).size === 1,
    agrees:
      isWhole &&
      Math.max(...sums) - Math.min(...sums) < EXACT_TO &&
      Math.abs(model - amount(lineage.totals.full)) < EXACT_TO &&
      new Set(stages.map((stage) => stage.experiment.number)).size === stages.length,
  }
}

/** Told by hand, in no held hour. */
const ENTRY_KINDS = new Set(['api_tokens', 'labels', 'storage', 'egress', 'people', 'other'])

/** Reads both costs of a project, the leaf being the one that the cost page shows first. */
export async function readCostAgreement(api, project) {
  const whole = await api.get(`/projects/${project}/cost`)
  const [leaf] = whole.leaves
  if (!leaf) return null
  const lineage = await api.get(`/projects/${project}/experiments/${leaf.number}/cost/lineage`)
  return { leaf: leaf.slug, ...costAgreement(lineage, whole) }
}

/** "Cost, USD: bars 0.012340, Σ held hours × price 0.012340, project 0.012340: they agree.", and the parts of it. */
export function agreementWords(found) {
  const money = (value) => value.toFixed(6)
  const kinds = Object.entries(found.byKind).map(([kind, value]) => `${kind.replaceAll('_', ' ')} ${money(value)}`)
  if (!found.isWhole) return ['Cost: some of it is not known, so that its sums cannot be compared.']
  const entered = found.entries > 0 ? ` + entered ${money(found.entries)}` : ''
  return [
    `Cost, ${found.currency}: bars ${money(found.bars)}, Σ held hours × price ${money(found.held)}${entered}, project ${money(found.total)}: ${
      found.agrees ? 'they agree' : 'THEY DO NOT AGREE'
    }.`,
    `Of it the model ${found.leaf} ${money(found.model)}, branches not continued ${money(found.abandoned)}. By kind: ${kinds.join(', ')}.`,
  ]
}
