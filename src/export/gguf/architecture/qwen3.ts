import { ConfigUnsupported } from "../../errors.ts"
import type { Architecture } from "./Architecture.ts"

/** Qwen3 without biases, as its models are. */
export const qwen3: Architecture = {
  name: "qwen3",
  pairs: "halves",
  scalings: ["linear", "yarn"],
  windows: false,
  refuse: ({ attention_bias }) =>
    attention_bias ? new ConfigUnsupported({ key: "attention_bias", found: "true", wanted: "false" }) : undefined
}
