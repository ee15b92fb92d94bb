import { Predicate, Schema } from "effect"
import { canonicalJson, hashValue } from "./hash.ts"

/**
 * What made an artefact: the settings of the step, and the hashes of what went in.
 *
 * Domain   Equal settings and inputs make equal bytes on one machine. `sources` says where data among the inputs was found, the
 *          commit of the hub with it; the same data found elsewhere make the same artefact.
 */
export const Lineage = Schema.Struct({
  settings: Schema.Record(Schema.String, Schema.Unknown),
  inputs: Schema.Record(Schema.String, Schema.String),
  sources: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
export type Lineage = typeof Lineage.Type

/** The name of a lineage: what later lineages mention as an input. */
export const lineageHash = ({ inputs, settings }: Lineage): string => hashValue({ settings, inputs })

const show = (value: unknown): string => (value === undefined ? "absent" : JSON.stringify(value))

const changed = (old: unknown, fresh: unknown, name: string): ReadonlyArray<string> => {
  if (canonicalJson({ value: old }) === canonicalJson({ value: fresh })) return []
  if (Predicate.isReadonlyObject(old) && Predicate.isReadonlyObject(fresh)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    return keys.flatMap((key) => changed(old[key], fresh[key], name === "" ? key : `${name}.${key}`))
  }
  return [`${name} was ${show(old)}, is ${show(fresh)}`]
}

/** What is different between the lineage an artefact carries and the one that is wanted, in words. */
export const differences = (old: Lineage, fresh: Lineage): ReadonlyArray<string> => {
  const names = [...new Set([...Object.keys(old.inputs), ...Object.keys(fresh.inputs)])]
  const inputs = names.filter((name) => old.inputs[name] !== fresh.inputs[name]).map((name) => `another ${name}`)
  return [...changed(old.settings, fresh.settings, ""), ...inputs]
}
