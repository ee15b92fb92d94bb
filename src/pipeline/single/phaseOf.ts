import type { CheckedTraining } from "./checkTraining.ts"

const heldOutOf = ({ heldOut, phase }: CheckedTraining) => {
  if (!phase.heldOut) return {}
  const { every, patience } = phase.heldOut
  return { heldOut: { examples: heldOut, every, ...(patience === undefined ? {} : { patience }) } }
}

/** A checked training as a phase: its settings without the keys that say where it starts, ends, and what it reads. */
export const phaseOf = (checked: CheckedTraining) => {
  const { model, data: _data, loss, reference = model, into, heldOut: _heldOut, seed, ...settings } = checked.phase
  const name = Object.keys(loss)[0] ?? "train"
  return {
    settings,
    seed,
    objective: loss,
    from: model,
    reference,
    into,
    ...heldOutOf(checked),
    phase: name,
    examples: checked.examples
  }
}
