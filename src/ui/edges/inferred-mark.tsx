import { Chip } from '#src/ui/kit/chip.tsx'

/** Marks what nobody told: a run of the stage read this checkpoint, so it was taken for the start. */
export const InferredMark = () => (
  <Chip title="Nobody named this checkpoint: a run of the stage read it. Correct it, or say that it is right.">
    inferred
  </Chip>
)
