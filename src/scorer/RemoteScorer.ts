import { Schema } from "effect"
import { BatchSize, defaulted, optional } from "../../schemas/mod.ts"
import { endpointKeys } from "../remote/mod.ts"

/** The keys of a server that scores or compares responses. */
export const remoteModelKeys = {
  ...endpointKeys,
  model: optional(Schema.NonEmptyString, "Name of the model on the server, if it has several"),
  batchSize: defaulted(BatchSize, 64, "Rows in one request (rows)")
}

/** A server that scores responses. */
export const RemoteScorer = Schema.Struct(remoteModelKeys)
export type RemoteScorer = typeof RemoteScorer.Type
