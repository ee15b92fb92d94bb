import { assert, describe, it } from "@effect/vitest"
import { luminance, shade } from "../../src/report/shade.ts"

const channelsOf = (colour: string): ReadonlyArray<number> => (colour.match(/\d+/g) ?? []).map(Number)

describe("shade()", () => {
  it("puts a text of at least 4.5 : 1 on every ground, from white to dark blue", () => {
    assert.deepStrictEqual(shade(0), { ground: "rgb(255,255,255)", text: "#000000" })
    assert.deepStrictEqual(shade(1), { ground: "rgb(8,48,107)", text: "#ffffff" })
    for (let i = 0; i <= 1000; i++) {
      const { ground, text } = shade(i / 1000)
      const lights = [luminance(channelsOf(ground)), text === "#ffffff" ? 1 : 0].toSorted((a, b) => b - a)
      const [lighter = 0, darker = 0] = lights
      assert.isAtLeast((lighter + 0.05) / (darker + 0.05), 4.5, ground)
    }
  })
})
