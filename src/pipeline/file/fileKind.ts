import { Predicate } from "effect"

/** What a YAML file is of, by its keys; undefined where they do not tell. */
export const fileKind = (value: unknown): "pipeline" | "training" | "mixture" | undefined => {
  if (Predicate.hasProperty(value, "models") || Predicate.hasProperty(value, "stages")) return "pipeline"
  if (Predicate.hasProperty(value, "sources")) return "mixture"
  return Predicate.hasProperty(value, "train") && Predicate.hasProperty(value.train, "into") ? "training" : undefined
}
