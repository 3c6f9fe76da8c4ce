/** Words of the product that a newcomer may not know, each told in plain sentences. Pages open them in place. */

export interface Term {
  /** As pages print it. */
  word: string
  means: string
  /** Keys of terms that help to read this one. */
  see?: readonly string[]
}

export const TERMS = {
  stage: {
    word: 'Stage',
    means:
      'One step in the making of a model: pre-training, continued pre-training, instruction tuning, tuning on a task, preference tuning, a merge. It starts from a checkpoint of an earlier stage, costs something, gains something, and may lose something.',
    see: ['checkpoint', 'lineage'],
  },
  lineage: {
    word: 'Lineage',
    means: 'All stages of a model as a graph: which stage started from which checkpoint, and how.',
    see: ['stage', 'path'],
  },
  path: {
    word: 'Path',
    means:
      'The stages from the root to one stage along which weights were handed on. Of a merge it follows the input with the largest weight.',
    see: ['lineage', 'root'],
  },
  root: {
    word: 'Root',
    means:
      'The stage at which a path begins: random weights, weights that somebody else published, or a model behind an API.',
  },
  run: {
    word: 'Run',
    means:
      'One execution of a program that reports metrics, inside a stage. A run that was resumed is still one run, with a further attempt.',
    see: ['attempt', 'stage'],
  },
  attempt: {
    word: 'Attempt',
    means: 'One try of a run. Steps that a later attempt did again are superseded: hidden, and shown on demand.',
  },
  checkpoint: {
    word: 'Checkpoint',
    means: 'Weights as they were saved at a step. Evaluations are about checkpoints, and children start from them.',
  },
  benchmark: {
    word: 'Benchmark',
    means: 'What is measured, with its unit, the value that chance reaches, and whether higher or lower is better.',
    see: ['protocol', 'evaluation'],
  },
  protocol: {
    word: 'Protocol',
    means:
      'How a benchmark was measured: program and version, prompt, examples shown, decoding, version of the data. Scores of two protocols are not subtracted from each other.',
    see: ['not_comparable'],
  },
  evaluation: {
    word: 'Evaluation',
    means:
      'One result of a benchmark under a protocol for a checkpoint. A newer one with the same seed takes its place; another seed is a further trial.',
  },
  interval: {
    word: 'Interval',
    means:
      'Where the true value lies in 95 of 100 such measurements. Of a difference it is the interval of the difference, paired where both answered the same items.',
    see: ['no_difference_found'],
  },
  gained: {
    word: 'Gained',
    means: 'Better than the baseline, and by more than chance explains. Blue and solid.',
    see: ['lost', 'no_difference_found', 'baseline'],
  },
  lost: {
    word: 'Lost',
    means: 'Worse than the baseline, and by more than chance explains. Orange and solid.',
    see: ['gained', 'forgetting'],
  },
  no_difference_found: {
    word: 'No difference found',
    means:
      'The data cannot tell the two apart. It does not say that they are equal: the number behind ± is what could have stayed unseen.',
    see: ['interval'],
  },
  no_interval: {
    word: 'No interval',
    means:
      'A score came without its items or its standard error, so nobody can say how sure the difference is. Dashed.',
  },
  not_comparable: {
    word: 'Cannot be compared',
    means: 'Both were measured, but not in the same way. The cell names what differs.',
    see: ['protocol'],
  },
  baseline: {
    word: 'Baseline',
    means: 'What the others are set against: the parent, the root, the best ancestor, or one that was chosen.',
  },
  target: {
    word: 'Target',
    means: 'The benchmark that a stage was made to raise. The others are to be kept.',
    see: ['retention'],
  },
  retention: {
    word: 'Retention',
    means: 'How much of what earlier stages could do is still there.',
    see: ['forgetting', 'budget'],
  },
  forgetting: {
    word: 'Forgetting',
    means: 'Loss of something that an earlier stage on the path could do, in the unit of its benchmark.',
    see: ['path', 'budget'],
  },
  budget: {
    word: 'Budget',
    means:
      'How much a stage may lose on a benchmark. Beyond it the cell carries a corner, and a gate can hold up what follows.',
  },
  replay: {
    word: 'Replay',
    means: 'Rows of earlier data mixed into the training of a stage, so that less is forgotten.',
    see: ['forgetting'],
  },
  utility: {
    word: 'Better and worse',
    means:
      'By the direction of the metric: of a loss lower is better, of an accuracy higher. A change itself is always new minus old.',
  },
  cost_path: {
    word: 'Cost, whole path',
    means:
      'What all stages from the root to this one cost, each once. The cost of a stage alone leaves its ancestors out.',
    see: ['path'],
  },
  device_hours: {
    word: 'Device-hours',
    means: 'Hours for which GPUs (or, without any, CPUs) were held, times their number, whether they were busy or not.',
  },
  bpb: {
    word: 'bpb',
    means:
      'Bits per byte: how many bits the model needs for a byte of text. Lower is better; it can be compared between tokenizers.',
  },
  macro_f1: {
    word: 'Macro-F1',
    means: 'The mean of F1 over all classes, each counted alike, so that a rare class weighs as much as a common one.',
  },
  chance: { word: 'Chance', means: 'The score of somebody who guesses. Only what lies above it is ability.' },
  seed: {
    word: 'Seed',
    means:
      'The number from which a program draws its chance. Runs that differ in it alone are a group, and their spread is told as mean ± SD.',
  },
  frozen: {
    word: 'Frozen',
    means: 'Kept with the numbers of that moment: later points and scores do not change it.',
  },
} as const satisfies Readonly<Record<string, Term>>

export type TermKey = keyof typeof TERMS

/** All terms by their word. */
export const termsInOrder = (): [TermKey, Term][] =>
  (Object.entries(TERMS) as [TermKey, Term][]).sort(([, a], [, b]) => a.word.localeCompare(b.word, 'en'))
