/** What a row of the metrics store costs beside its content: its head, its key in the index, its place in the table of large values. */
const ROW_BYTES = 155
/** Share of a large value that its pages and their index add. Both fit blocks of 300 B and of 16 KiB within 1 %. */
const CONTENT_SHARE = 0.045
/** A summary of one metric with its two index entries. */
const SUMMARY_BYTES = 200

/** Bytes that PostgreSQL needs around so much content in so many rows; an estimate without free space. */
export const rowBytes = (rows: number, content: number): number =>
  Math.round(rows * ROW_BYTES + content * CONTENT_SHARE)

/** Bytes of so many summaries; an estimate. */
export const summaryBytes = (summaries: number): number => summaries * SUMMARY_BYTES
