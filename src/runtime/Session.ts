import { Effect, type Scope } from "effect"
import { type Binding, bindSession } from "./Binding.ts"
import type { RuntimeError } from "./errors.ts"
import { matchTensors, type Port, type Tensors } from "./matchTensors.ts"
import { addressOf, encodeTexts } from "./native/library.ts"
import { attempt, type Doing } from "./native/status.ts"
import { inputShapes, type SessionParts } from "./SessionParts.ts"
import { Tensor } from "./Tensor.ts"

/** An open model. */
export interface Session {
  readonly name: string
  readonly inputs: ReadonlyArray<Port>
  readonly outputs: ReadonlyArray<Port>
  /**
   * Runs once, on another thread, and writes the outputs that are fetched into the tensors given for them. A tensor on
   * both sides is updated in place. Interruption stops the run between two nodes and waits until it has ended.
   *
   * Fails    FeedMissing, FeedUnknown, FeedType, FeedShape, FetchMissing, FetchRepeated, DimensionDisagrees,
   *          StatusFailed, Terminated, Released
   */
  readonly run: (feeds: Tensors, fetches: Tensors) => Effect.Effect<void, RuntimeError>
  /** Checks tensors once, for many runs over them; their arrays are rewritten in between. Fails   as `run`. */
  readonly bind: (feeds: Tensors, fetches: Tensors) => Effect.Effect<Binding, RuntimeError, Scope.Scope>
}

const addresses = (tensors: ReadonlyArray<Tensor>): BigUint64Array =>
  BigUint64Array.from(tensors, (tensor) => Tensor.handle(tensor).address)

/** Dresses a native session. */
export const makeSession = (parts: SessionParts): Session => {
  const { engine, handle, ports, runs } = parts
  const doing: Doing = { action: "run", subject: parts.name }
  const inputNames = encodeTexts([...ports.inputs.keys()])
  const outputNames = encodeTexts([...ports.outputs.keys()])
  const outputAddresses = new Map([...ports.outputs.keys()].map((name, i) => [name, outputNames.addresses[i] ?? 0n]))
  const run = (feeds: Tensors, fetches: Tensors) =>
    attempt(doing, () => {
      const { inputs, fetched } = matchTensors(ports, feeds, fetches)
      const outputs = fetched.map(({ tensor }) => tensor)
      const names = BigUint64Array.from(fetched, ({ name }) => outputAddresses.get(name) ?? 0n)
      const inputValues = addresses(inputs)
      const outputValues = addresses(outputs)
      return runs.run({
        doing,
        holds: [
          handle,
          ...inputs.map(Tensor.handle),
          ...outputs.map(Tensor.handle),
          inputNames,
          outputNames,
          names,
          inputValues,
          outputValues
        ],
        shapes: () => inputShapes(parts, inputs),
        start: (options, done) =>
          engine.thread.call(
            "Run",
            [
              handle.address,
              options,
              addressOf(inputNames.addresses),
              addressOf(inputValues),
              inputValues.length,
              addressOf(names),
              names.length,
              addressOf(outputValues)
            ],
            done
          )
      })
    }).pipe(Effect.flatMap((effect) => engine.gate.withPermit(effect)))
  return {
    name: parts.name,
    inputs: [...ports.inputs.values()],
    outputs: [...ports.outputs.values()],
    run,
    bind: (feeds, fetches) => bindSession(parts, feeds, fetches)
  }
}
