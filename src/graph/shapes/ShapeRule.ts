import type { Call, Signature } from "../Call.ts"

/** What a node's outputs are, given what it reads. Fails: GraphError with CallInvalid. */
export type ShapeRule = (call: Call) => ReadonlyArray<Signature>
