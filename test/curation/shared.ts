import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { Schema } from "effect"

const root = new URL("../../../shared/", import.meta.url)

/** Whether real data lie beside the project. */
export const shared = existsSync(new URL("data/gsm8k/test.jsonl", root))

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

/** The rows of a file of JSON lines beside the project. */
export const readShared = (path: string) => {
  const bytes = readFileSync(new URL(path, root))
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => decode(line))
}
