import { type Key, threefry } from "./threefry.ts"

/** ln Γ(x + 1) by Stirling's series, from where its error is below 1e-10. */
const logFactorial = (x: number): number => {
  let shift = 0
  let z = x + 1
  for (; z < 10; z++) shift += Math.log(z)
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5)
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** From this mean on, numbers are drawn by rejection. */
const large = 10

/** Inversion: the first k whose cumulated chance is above a uniform number. */
const small = (mean: number, u: number): number => {
  let k = 0
  let chance = Math.exp(-mean)
  let sum = chance
  while (u >= sum && chance > 0) {
    k++
    chance *= mean / k
    sum += chance
  }
  return k
}

/**
 * A Poisson number, the `index`-th under `key`.
 *
 * Source   Hörmann, "The transformed rejection method for generating Poisson random variables" (1993), algorithm PTRS, for means
 *          of 10 and more.
 * Domain   mean ≥ 0.
 */
export const poisson = (key: Key, index: number, mean: number): number => {
  const at = index >>> 0
  if (mean < large) return small(mean, threefry(key, [at, 2])[0] / 2 ** 32)
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const quick = 0.9277 - 3.6224 / (b - 2)
  for (let attempt = 3; ; attempt++) {
    const [first, second] = threefry(key, [at, attempt])
    const u = (first + 0.5) / 2 ** 32 - 0.5
    const v = (second + 0.5) / 2 ** 32
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= quick) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const bound = k * Math.log(mean) - mean - logFactorial(k)
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= bound) return k
  }
}
