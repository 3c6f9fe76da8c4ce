/**
 * Tülu 3 8B and its fork as their model cards give them: scores with one decimal, no n and no standard error, no cost. The base has
 * no scores there; what it took is in its own card.
 */
import type { z } from 'zod'
import type { LineageFile, LineageMeasure } from '#src/protocol/lineage-file.ts'

const CARD = 'Model card of allenai/Llama-3.1-Tulu-3-8B'
const CARD_OF_FORK = 'Model card of allenai/Llama-3.1-Tulu-3.1-8B'

type Measure = z.input<typeof LineageMeasure>

/** A benchmark of the card with the words that the card has for its protocol. */
const measure = (
  slug: string,
  name: string,
  category: string,
  metric: string,
  protocol: Omit<Measure['protocol'], 'task'>,
): Measure => ({
  benchmark: { slug, name, category, kind: 'accuracy', higher_is_better: true },
  metric,
  protocol: { task: slug, ...protocol },
  scale: 100,
})

const cot = { prompt_template: 'CoT' }

const measures = {
  mmlu: measure('mmlu', 'MMLU', 'knowledge', 'accuracy', { shots: 0, ...cot }),
  popqa: measure('popqa', 'PopQA', 'knowledge', 'accuracy', { shots: 15 }),
  truthfulqa: measure('truthfulqa', 'TruthfulQA', 'knowledge', 'accuracy', { shots: 6 }),
  bbh: measure('bbh', 'BigBenchHard', 'reasoning', 'accuracy', { shots: 3, ...cot }),
  drop: measure('drop', 'DROP', 'reasoning', 'accuracy', { shots: 3 }),
  math: measure('math', 'MATH', 'math', 'accuracy', { shots: 4, ...cot, extraction: 'Flex' }),
  gsm8k: measure('gsm8k', 'GSM8K', 'math', 'accuracy', { shots: 8, ...cot }),
  humaneval: measure('humaneval', 'HumanEval', 'code', 'pass@10', {}),
  'humaneval-plus': measure('humaneval-plus', 'HumanEval+', 'code', 'pass@10', {}),
  ifeval: measure('ifeval', 'IFEval', 'instruction', 'prompt loose', {}),
  'alpacaeval-2': measure('alpacaeval-2', 'AlpacaEval 2', 'instruction', 'LC % win', {}),
  safety: measure('safety', 'Safety', 'safety', '6 task average', {}),
}

type Row = Record<keyof typeof measures, number>

const weights = (location: string, scores: Row, source = CARD) => ({
  location,
  scores: Object.entries(scores).map(([name, score]) => ({ measure: name, score, n_missing: 'not published', source })),
})

/** The lineage; the base without cells, SFT → DPO → RLVR, and Tülu 3.1 (GRPO) from the same DPO checkpoint. */
export const tulu38b: z.input<typeof LineageFile> = {
  version: 1,
  name: 'Tülu 3 8B',
  description:
    'Example. Figures as published in the model cards of Llama-3.1-Tulu-3-8B and Llama-3.1-Tulu-3.1-8B (arXiv 2411.15124); cost and number of items were not published.',
  source: CARD,
  measures,
  stages: {
    'llama-3-1-8b': {
      name: 'Llama 3.1 8B',
      stage: 'external_base',
      purpose: 'The base of the lineage, with open weights. The cards give no scores of it under the same protocols.',
      root: {
        kind: 'external_base',
        name: 'meta-llama/Llama-3.1-8B',
        license: 'Llama 3.1 Community License',
        embodied: {
          device: 'H100',
          device_hours: 1_460_000,
          kg_co2e: 420_000,
          source: 'Model card of meta-llama/Llama-3.1-8B (location-based emissions)',
        },
      },
    },
    sft: {
      name: 'SFT',
      stage: 'sft',
      purpose: 'Supervised fine-tuning of the base.',
      parents: [{ experiment: 'llama-3-1-8b', kind: 'init' }],
      checkpoints: [
        weights('allenai/Llama-3.1-Tulu-3-8B-SFT', {
          mmlu: 65.9,
          popqa: 29.3,
          truthfulqa: 46.8,
          bbh: 67.9,
          drop: 61.3,
          math: 31.5,
          gsm8k: 76.2,
          humaneval: 86.2,
          'humaneval-plus': 81.4,
          ifeval: 72.8,
          'alpacaeval-2': 12.4,
          safety: 93.1,
        }),
      ],
    },
    dpo: {
      name: 'DPO',
      stage: 'dpo',
      purpose: 'Preference tuning of the SFT checkpoint, which is its reference too.',
      parents: [
        { experiment: 'sft', kind: 'init' },
        { experiment: 'sft', kind: 'reference' },
      ],
      checkpoints: [
        weights('allenai/Llama-3.1-Tulu-3-8B-DPO', {
          mmlu: 68.7,
          popqa: 29.3,
          truthfulqa: 56.1,
          bbh: 65.8,
          drop: 62.5,
          math: 42.0,
          gsm8k: 84.3,
          humaneval: 83.9,
          'humaneval-plus': 78.6,
          ifeval: 81.1,
          'alpacaeval-2': 33.5,
          safety: 87.2,
        }),
      ],
    },
    rlvr: {
      name: 'RLVR',
      stage: 'rlvr',
      purpose: 'Reinforcement learning with verifiable rewards, from the DPO checkpoint: Tülu 3 8B.',
      parents: [{ experiment: 'dpo', kind: 'init' }],
      checkpoints: [
        weights('allenai/Llama-3.1-Tulu-3-8B', {
          mmlu: 68.2,
          popqa: 29.1,
          truthfulqa: 55.0,
          bbh: 66.0,
          drop: 62.6,
          math: 43.7,
          gsm8k: 87.6,
          humaneval: 83.9,
          'humaneval-plus': 79.2,
          ifeval: 82.4,
          'alpacaeval-2': 34.5,
          safety: 85.5,
        }),
      ],
    },
    'tulu-3-1': {
      name: 'Tülu 3.1',
      stage: 'grpo',
      purpose: 'GRPO from the same DPO checkpoint as RLVR: Tülu 3.1 8B.',
      parents: [{ experiment: 'dpo', kind: 'init' }],
      checkpoints: [
        weights(
          'allenai/Llama-3.1-Tulu-3.1-8B',
          {
            mmlu: 69.5,
            popqa: 30.2,
            truthfulqa: 59.9,
            bbh: 68.9,
            drop: 63.9,
            math: 47.8,
            gsm8k: 90.0,
            humaneval: 86.3,
            'humaneval-plus': 80.4,
            ifeval: 83.9,
            'alpacaeval-2': 34.9,
            safety: 81.2,
          },
          CARD_OF_FORK,
        ),
      ],
    },
  },
}
