/** Against which stage the items are held: one choice a stage, whatever it is to this one. Pure. */
import { REFERENCE_ROLES, type ReferenceRole } from '#src/core/decisions/decisions.ts'

type Held = Readonly<{ roles: readonly ReferenceRole[] }>

/** The nearest thing that a stage is to this one: the parent of a second stage is its base too. */
const nearest = ({ roles }: Held): ReferenceRole | undefined => REFERENCE_ROLES.findLast((role) => roles.includes(role))

/**
 * @param to what an address asks for; a stage that is several things to this one is found by each of them
 * @returns the choices, the one that is chosen, and its stage; null where there is nothing to compare with
 */
export function flipChoices<R extends Held>(
  against: readonly R[],
  to: ReferenceRole,
): { choices: { value: ReferenceRole; label: string }[]; value: ReferenceRole; reference: R } | null {
  const reference = against.find(({ roles }) => roles.includes(to)) ?? against.at(-1)
  const value = reference && nearest(reference)
  if (!reference || !value) return null
  const choices = against.flatMap((held) => nearest(held) ?? [])
  return {
    choices: choices.map((role) => ({ value: role, label: role.charAt(0).toUpperCase() + role.slice(1) })),
    value,
    reference,
  }
}
