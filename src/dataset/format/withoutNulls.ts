import { Predicate } from "effect"

/** A row without its keys that are null: what columnar files have in place of a key that is absent. */
export const withoutNulls = (row: unknown): unknown =>
  Predicate.isReadonlyObject(row) && Object.values(row).includes(null)
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
    : row
