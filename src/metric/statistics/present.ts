type Present<A> = { readonly [K in keyof A]?: Exclude<A[K], undefined> }

/** The keys that have a value: what is undefined is left out. */
export const present = <A extends object>(record: A): Present<A> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<A> // as: only keys without a value went
