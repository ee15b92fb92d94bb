/** One question of a test set. `id` names it in reports. */
export interface BenchmarkItem {
  readonly id: string
  readonly text: string
}
