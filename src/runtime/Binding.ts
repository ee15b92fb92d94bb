import { Effect, type Scope, Semaphore } from "effect"
import type { RuntimeError } from "./errors.ts"
import { matchTensors, type Tensors } from "./matchTensors.ts"
import { Handle } from "./native/Handle.ts"
import { library } from "./native/library.ts"
import { attempt, check, created, type Doing } from "./native/status.ts"
import { inputShapes, type SessionParts } from "./SessionParts.ts"
import { Tensor } from "./Tensor.ts"

/** Tensors that belong to a session for many runs. */
export interface Binding {
  /** Runs over the bound tensors as `Session.run` does; runs of one binding follow each other. Fails   StatusFailed, Terminated, Released */
  readonly run: Effect.Effect<void, RuntimeError>
}

const bind = (parts: SessionParts, feeds: Tensors, fetches: Tensors) => {
  const { functions } = library()
  const { inputs, fetched } = matchTensors(parts.ports, feeds, fetches)
  const address = created((out) => functions.CreateIoBinding(parts.handle.address, out))
  const tensors = [...inputs, ...fetched.map(({ tensor }) => tensor)]
  const handle = new Handle({
    what: `a binding of session "${parts.name}"`,
    address,
    release: functions.ReleaseIoBinding,
    holds: [parts.handle, ...tensors.map(Tensor.handle)]
  })
  const bindInput = ([name, tensor]: readonly [string, Tensor]) =>
    check(functions.BindInput(handle.address, name, Tensor.handle(tensor).address))
  const named = [...parts.ports.inputs.keys()].flatMap((name, i) => (inputs[i] ? [[name, inputs[i]] as const] : []))
  try {
    named.forEach(bindInput)
    for (const { name, tensor } of fetched) {
      check(functions.BindOutput(handle.address, name, Tensor.handle(tensor).address))
    }
  } catch (cause) {
    handle.release()
    throw cause
  }
  // A device reads a copy of a host tensor that binding makes, so that each run has to bind it anew.
  const copied = parts.engine.row.memory === undefined ? [] : named.filter(([, tensor]) => tensor.data !== undefined)
  const refresh = () => {
    if (copied.length === 0) return
    copied.forEach(bindInput)
    check(functions.SynchronizeBoundInputs(handle.address))
  }
  return { handle, inputs, refresh }
}

/** Binds tensors to a session until the scope closes. */
export const bindSession = Effect.fnUntraced(function* (
  parts: SessionParts,
  feeds: Tensors,
  fetches: Tensors
): Effect.fn.Return<Binding, RuntimeError, Scope.Scope> {
  const { engine, name, runs } = parts
  const bound = yield* Effect.acquireRelease(
    attempt({ action: "bind", subject: name }, () => bind(parts, feeds, fetches)),
    ({ handle }) => Effect.sync(() => handle.release())
  )
  const { handle, inputs, refresh } = bound
  const doing: Doing = { action: "run", subject: name }
  const run = runs.run({
    doing,
    holds: [handle],
    shapes: () => inputShapes(parts, inputs),
    start: (options, done) => {
      refresh()
      engine.thread.call("RunWithBinding", [parts.handle.address, options, handle.address], done)
    }
  })
  const turn = yield* Semaphore.make(1)
  return { run: turn.withPermit(engine.gate.withPermit(run)) }
})
