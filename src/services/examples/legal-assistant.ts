/**
 * The legal assistant of the article "LLM Training vs Fine-Tuning: Understanding the Critical Distinction": four stages that nobody
 * has run, with the article's ranges in its own words. A range is no estimate of ours, so it is a note and no planned number.
 */
import type { z } from 'zod'
import type { LineageFile } from '#src/protocol/lineage-file.ts'

const ARTICLE = 'Article "LLM Training vs Fine-Tuning: Understanding the Critical Distinction"'

const ranges = (of: { data: string; gpus: string; time: string; cost: string }): { note: string } => ({
  note: `Data ${of.data} · GPUs ${of.gpus} · time ${of.time} · cost ${of.cost} (ranges of the article).`,
})

/** Llama 3 → case law and statutes → legal question answering → RLHF; planned, without a cell. */
export const legalAssistant: z.input<typeof LineageFile> = {
  version: 1,
  name: 'Legal assistant',
  description: `Example. The path of the ${ARTICLE.charAt(0).toLowerCase()}${ARTICLE.slice(1)}: four planned stages with the article’s ranges for data, GPUs, time and cost. Nothing has run, nothing was measured.`,
  source: ARTICLE,
  stages: {
    'llama-3': {
      name: 'Llama 3',
      stage: 'pretrain',
      purpose:
        'The general base. Who starts from the published weights replaces this stage by an external base, and pays nothing for it.',
      root: { kind: 'random_init' },
      plan: ranges({
        data: 'trillions of tokens',
        gpus: '1,000s',
        time: 'weeks to months (1–6 months for frontier models)',
        cost: '$2M–$100M+',
      }),
    },
    'case-law': {
      name: 'Case law and statutes',
      stage: 'cpt',
      goal: 'domain',
      purpose: 'Continued pre-training: the knowledge and the vocabulary of the law.',
      parents: [{ experiment: 'llama-3', kind: 'init' }],
      plan: ranges({
        data: 'millions to billions of tokens (millions of documents)',
        gpus: '8–64',
        time: 'days to weeks',
        cost: '$100s–$10,000s',
      }),
    },
    'legal-qa': {
      name: 'Legal question answering',
      stage: 'sft',
      goal: 'behaviour',
      purpose: 'Instruction tuning on questions of law and their answers.',
      parents: [{ experiment: 'case-law', kind: 'init' }],
      plan: ranges({ data: '10,000–100,000 pairs', gpus: '1–8', time: 'hours to days', cost: '$100–$10,000' }),
    },
    rlhf: {
      name: 'RLHF',
      stage: 'rlhf',
      goal: 'behaviour',
      purpose: 'Preference tuning: answers that lawyers prefer.',
      parents: [{ experiment: 'legal-qa', kind: 'init' }],
      plan: ranges({ data: '10,000–100,000 comparisons', gpus: '1–8', time: 'hours to days', cost: '$100–$10,000' }),
    },
  },
}
