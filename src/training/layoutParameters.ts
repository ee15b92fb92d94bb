import type { Parameter } from "../model/mod.ts"

/** Where a parameter lies in the arrays of a store (elements). */
export interface Place {
  readonly name: string
  readonly offset: number
  readonly size: number
  readonly shape: ReadonlyArray<number>
}

/** A stretch of the arrays that is updated at once, and whether its weights are decayed (elements). */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly decays: boolean
}

/** Elements of one stretch: its buffers of 2 MiB pass through a cache, and the threads have enough of each to share. */
const stretchSize = 1 << 19
/** Floats in 64 bytes: each parameter begins on a cache line. */
const alignment = 16

/** Weights that only scale or shift, of norms and biases, are not decayed: those with one axis. */
const decays = ({ shape }: Parameter): boolean => shape.length > 1

const place = (parameters: ReadonlyArray<Parameter>, start: number) => {
  let end = start
  const places = parameters.map(({ name, shape }): Place => {
    const offset = end
    const size = shape.reduce((product, length) => product * length, 1)
    end += Math.ceil(size / alignment) * alignment
    return { name, offset, size, shape }
  })
  return { places, end }
}

const cut = (start: number, end: number, decayed: boolean): ReadonlyArray<Stretch> =>
  Array.from({ length: Math.ceil((end - start) / stretchSize) }, (_, i) => {
    const from = start + i * stretchSize
    return { from, to: Math.min(end, from + stretchSize), decays: decayed }
  })

/** The places of all parameters in one array, those that decay first, and the array in stretches of one kind. */
export const layoutParameters = (parameters: ReadonlyArray<Parameter>) => {
  const decayed = place(parameters.filter(decays), 0)
  const kept = place(
    parameters.filter((parameter) => !decays(parameter)),
    decayed.end
  )
  return {
    places: [...decayed.places, ...kept.places],
    stretches: [...cut(0, decayed.end, true), ...cut(decayed.end, kept.end, false)],
    size: kept.end
  }
}
