import { Result } from "effect"
import {
  type ArrowError,
  JsonBroken,
  KeyRepeated,
  NestedTooDeep,
  NulFound,
  RowInvalid,
  SurrogateAlone
} from "../errors.ts"
import type { RawRow } from "../RawRow.ts"
import { decodeText } from "./decodeText.ts"
import { fieldOf } from "./fieldOf.ts"
import { jsonFault } from "./jsonFault.ts"
import { keysInText } from "./keysInText.ts"
import { keysInValue } from "./keysInValue.ts"
import { loneSurrogate } from "./loneSurrogate.ts"

type Reason = ArrowError["reason"]

/** Where a row lies. */
type Place = Pick<RawRow, "place" | "number">

/** What is asked of a JSON text beyond its grammar. */
export interface JsonLimits {
  readonly maxDepth: number
  readonly duplicateKeys: "refuse" | "keepLast"
  readonly values?: "objects" | "any"
}

/** Longest part of a value that an error shows. */
const shown = 60

const halfPair = /\\u[dD][89a-fA-F]/

const kindOf = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > shown ? `${text.slice(0, shown)}…` : text
}

const broken = (bytes: Uint8Array, text: string, place: Place, maxDepth: number): Reason => {
  const nul = bytes.indexOf(0)
  if (nul >= 0) return new NulFound({ ...place, field: "", byte: nul })
  const fault = jsonFault(text, maxDepth)
  if (fault?.kind === "repeated") return new KeyRepeated({ ...place, field: fault.field })
  if (fault?.kind === "deep") return new NestedTooDeep({ ...place, limit: maxDepth })
  const { at, found, wanted } = fault ?? { at: 0, found: kindOf(text), wanted: "JSON" }
  return new JsonBroken({ ...place, character: at + 1, found, wanted })
}

/** What JSON.parse lets through and a row of text may not be. */
const objection = (value: unknown, text: string, place: Place, limits: JsonLimits): Reason | undefined => {
  const { maxDepth, duplicateKeys, values } = limits
  const keys = keysInValue(value, maxDepth)
  if (keys === "deep") return new NestedTooDeep({ ...place, limit: maxDepth })
  if (values !== "any" && (typeof value !== "object" || value === null || Array.isArray(value)))
    return new RowInvalid({ ...place, field: "", found: kindOf(value), wanted: "object" })
  if (duplicateKeys === "refuse" && keys !== keysInText(text)) {
    const fault = jsonFault(text, maxDepth)
    if (fault?.kind === "repeated") return new KeyRepeated({ ...place, field: fault.field })
  }
  const half = halfPair.test(text) ? loneSurrogate(value) : undefined
  return half === undefined ? undefined : new SurrogateAlone({ ...place, field: fieldOf(half) })
}

/** The JSON object in some bytes. */
export const parseObject = (bytes: Uint8Array, place: Place, limits: JsonLimits): Result.Result<unknown, Reason> =>
  Result.flatMap(decodeText(bytes, { ...place, field: "" }), (text) => {
    const parsed = Result.try({
      try: (): unknown => JSON.parse(text),
      catch: () => broken(bytes, text, place, limits.maxDepth)
    })
    if (Result.isFailure(parsed)) return parsed
    const reason = objection(parsed.success, text, place, limits)
    return reason === undefined ? parsed : Result.fail(reason)
  })
