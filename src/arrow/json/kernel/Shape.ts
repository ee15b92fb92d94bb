/** What a row looks like, as far as the kernel must know it to read one. */
export type Shape =
  | { readonly kind: "text"; readonly slot: number }
  | { readonly kind: "number" | "flag" }
  | { readonly kind: "list"; readonly element: Shape; readonly nullable: boolean }
  | { readonly kind: "struct"; readonly members: ReadonlyArray<Member> }

/** A key and its value, which may be null, or left out, where the shape says so. */
export interface Member {
  readonly name: string
  readonly shape: Shape
  readonly takesNull: boolean
  readonly takesNothing: boolean
}
