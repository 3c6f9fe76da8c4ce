/**
 * The price book that the product comes with: on-demand US list prices per device-hour in USD, low / typical / high, as public price
 * lists and tables of others told them on the day given; not the vendors' word. Typical is our choice between them. They hold for any day
 * until the workspace says otherwise. Never one number: the spread between providers is large.
 */
import type { PriceRecord } from './price-book.ts'

type Row = readonly [
  device: string,
  low: string | null,
  typical: string,
  high: string | null,
  pricedOn: string | null,
  source: string,
]

const ROWS: readonly Row[] = [
  ['T4', '0.15', '0.4', '0.53', '2026-09-20', 'Akash 0.15 (2026-09); GCP table 0.35 (GPU only); AWS g4dn 0.526'],
  ['L4', '0.44', '0.75', '0.81', null, 'RunPod 0.44; GCP table 0.70; AWS g6 0.78–0.805'],
  ['A10G', '1.01', '1.01', '1.29', '2026-09-20', 'AWS g5.xlarge 1.006; Lambda A10 1.29 (2026-09-20)'],
  ['RTX 3090', '0.16', '0.25', '0.44', '2026-09-20', 'Akash 0.16, OpenRelay 0.18 (2026-09-20); RunPod 0.44'],
  ['RTX 4090', '0.29', '0.45', '0.74', '2026-09-20', 'OpenRelay 0.29, Akash 0.39 (2026-09-20); RunPod 0.74'],
  ['RTX 5090', '0.67', '0.67', null, '2026-09-20', 'Akash 0.67 (2026-09-20), one source'],
  ['V100 SXM', '0.36', '0.79', '3.06', '2026-09-20', 'Akash 0.36; Lambda 0.79 (2026-09-20); AWS p3 3.06'],
  [
    'A100-40',
    '1',
    '1.99',
    '3.4',
    '2026-11-09',
    'RunPod 1.00 (2026-08-19); Lambda 1.99 (2026-09-20); AWS 2.74 (2026-11-09); Azure 3.40',
  ],
  [
    'A100-80',
    '1.14',
    '1.79',
    '4.78',
    '2026-11-09',
    'RunPod 1.19–1.79 (2026-11-09); Lambda 2.79; AWS 3.43 (2026-11-09); Azure 3.67–4.78; market 1.14–1.70',
  ],
  ['L40S', '0.94', '1.5', '1.96', '2026-10-29', 'Verda spot 0.94 (2026-10-29); Ori 1.96'],
  ['H100 PCIe', '1.99', '2.89', '3.29', '2026-08-19', 'RunPod 1.99–2.89 (2026-08-19); Lambda 3.29'],
  [
    'H100 SXM',
    '2.4',
    '3',
    '12.29',
    '2026-11-09',
    'Vast median 2.40 (2026-10-19); RunPod 2.69–3.99 (2026-11-09); Lambda 3.99–4.29; AWS 6.88 (2026-11-09); GCP 10.98; Azure 12.29; survey median 2.95 (2026-05)',
  ],
  [
    'H200',
    '1.99',
    '4',
    '7.91',
    '2026-10-07',
    'Vultr 1.99, Nebius 2.30 (2026-01-02); RunPod 4.59 (2026-10-07); AWS 7.91 (2026-08-06)',
  ],
  ['B200', '5', '6.79', '6.99', '2026-09-20', 'Akash 5.00, Lambda 6.69–6.99 (2026-09-20); RunPod 5.98–6.79'],
  ['MI300X', '1.99', '2', '2.69', null, 'Hot Aisle 1.99, DigitalOcean 1.99; RunPod 2.69'],
  ['TPU v5e', null, '1.2', null, null, 'GCP table, US list'],
  ['TPU v5p', null, '4.2', null, null, 'GCP table, US list'],
]

/** One record a device, and the assumed price of a CPU core. */
export const BUILT_IN_PRICES: readonly PriceRecord[] = [
  ...ROWS.map((row) => record(row, false)),
  record(['cpu-core', '0.01', '0.04', '0.05', null, 'Assumed by Descent; no price list'], true),
]

function record([device, low, typical, high, pricedOn, source]: Row, assumed: boolean): PriceRecord {
  return {
    device,
    provider: null,
    region: null,
    commitment: null,
    currency: 'USD',
    low,
    typical,
    high,
    paid: null,
    assumed,
    source,
    pricedOn,
    validFrom: null,
    validTo: null,
    origin: 'built_in',
  }
}
