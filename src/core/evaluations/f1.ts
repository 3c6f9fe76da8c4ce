/** Cases of one class: rightly predicted, wrongly predicted, missed. */
export interface ClassCounts {
  tp: number
  fp: number
  fn: number
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** tp/(tp+fp); null when nothing was predicted. */
export const precision = ({ tp, fp }: ClassCounts): number | null => ratio(tp, tp + fp)

/** tp/(tp+fn); null when there was nothing to find. */
export const recall = ({ tp, fn }: ClassCounts): number | null => ratio(tp, tp + fn)

/** `2PR/(P+R)` = 2tp/(2tp+fp+fn); null without any prediction and any case. */
export const f1 = ({ tp, fp, fn }: ClassCounts): number | null => ratio(2 * tp, 2 * tp + fp + fn)

/** Unweighted mean of F1 over classes; a class without any count scores 0. Null without classes. */
export const macroF1OfClasses = (classes: readonly ClassCounts[]): number | null =>
  ratio(
    classes.reduce((sum, own) => sum + (f1(own) ?? 0), 0),
    classes.length,
  )

/** F1 of the counts of all classes together; of one label per case it is the share of right ones. */
export const microF1OfClasses = (classes: readonly ClassCounts[]): number | null =>
  f1({
    tp: classes.reduce((sum, own) => sum + own.tp, 0),
    fp: classes.reduce((sum, own) => sum + own.fp, 0),
    fn: classes.reduce((sum, own) => sum + own.fn, 0),
  })
