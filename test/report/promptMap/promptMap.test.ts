import { assert, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Path, Schema } from "effect"
import { PromptMap } from "../../../schemas/mod.ts"
import type { Encoder } from "../../../src/embedding/mod.ts"
import { makePromptMap, promptMapPage, promptMapSvg, writePromptMap } from "../../../src/report/promptMap/mod.ts"
import { fakePage } from "./fakePage.ts"

const evil = `</script><script>window.hit = 1</script><img src=x onerror="hit()">{{DATA}} $& \u0000`

/** Texts about numbers lie on one axis, all others on the other. */
const encoder: Encoder = {
  folder: "encoder",
  width: 2,
  maxTokens: 8,
  embed: (texts) =>
    Effect.succeed({
      count: texts.length,
      width: 2,
      values: Float32Array.from(texts.flatMap((text) => (text.includes("sum") ? [1, 0] : [0, 1]))),
      truncated: 1,
      tokens: 9
    })
}

const prompts = [
  { promptId: "a", source: "one", text: "sum numbers" },
  { promptId: "b", source: "one", text: "sum numbers" },
  { promptId: "c", source: "two", text: "sum numbers" },
  { promptId: "d", source: "two", text: "paint oak" }
]

/** Two sources and topics, and points at the corners of 20 · 10, with texts that want to be markup. */
const hostile: PromptMap = {
  encoder: evil,
  maxTokens: 8,
  method: "umap",
  seed: 0,
  fitted: 3,
  repeated: 1,
  truncated: 1,
  sources: [
    { name: evil, prompts: 2 },
    { name: "two", prompts: 1 }
  ],
  topics: [
    { name: evil, keywords: [evil], prompts: 1 },
    { name: "oak", keywords: ["oak"], prompts: 2 }
  ],
  points: [
    { promptId: "a", prompt: evil, source: 0, topic: 0, x: 0, y: 0 },
    { promptId: "b", prompt: "Paint an OAK", source: 0, topic: 1, x: 20, y: 10 },
    { promptId: "c", prompt: "oak", source: 1, topic: 1, x: 20, y: 0 }
  ]
}

layer(NodeServices.layer)("promptMap", (it) => {
  it.effect("makePromptMap() gives sources, named topics and places, and leaves repeated texts of a source out", () =>
    Effect.gen(function* () {
      const { points, ...map } = yield* makePromptMap(prompts, { encoder, seed: 0, topics: 2 })
      assert.deepStrictEqual(map, {
        encoder: "encoder",
        maxTokens: 8,
        method: "principal components",
        seed: 0,
        fitted: 3,
        repeated: 1,
        truncated: 1,
        sources: [
          { name: "one", prompts: 1 },
          { name: "two", prompts: 2 }
        ],
        topics: [
          { name: "numbers, sum", keywords: ["numbers", "sum"], prompts: 2 },
          { name: "oak, paint", keywords: ["oak", "paint"], prompts: 1 }
        ]
      })
      assert.deepStrictEqual(
        points.map(({ promptId, source, topic }) => [promptId, source, topic]),
        [
          ["a", 0, 0],
          ["c", 1, 0],
          ["d", 1, 1]
        ]
      )
      assert.deepStrictEqual([points[0]?.x, points[0]?.y], [points[1]?.x, points[1]?.y])
      assert.notStrictEqual(points[0]?.x, points[2]?.x)
    })
  )

  it.effect("promptMapPage() holds texts as data: no tag of theirs is made, and nothing of the network is asked", () =>
    Effect.gen(function* () {
      const html = yield* promptMapPage(hostile, evil)
      assert.deepStrictEqual(html.match(/<(script|img)\b[^>]*>/g), [
        '<script id="data" type="application/json">',
        "<script>"
      ])
      const bare = yield* promptMapPage({ ...hostile, encoder: "e", sources: [], topics: [], points: [] }, "Map")
      assert.notMatch(bare, /https?:|\bsrc=|\bhref=|@import|url\(|fetch/)
      assert.match(html, /content="default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'/)
      const [, data = ""] = /<script id="data"[^>]*>([\s\S]*?)<\/script>/.exec(html) ?? []
      assert.deepStrictEqual(JSON.parse(data).points, hostile.points)
    })
  )

  it.effect(
    "the page draws points to the edges, shows what lies under the pointer, and hides what is switched off",
    () =>
      Effect.gen(function* () {
        const get = fakePage(yield* promptMapPage(hostile, "Map"))
        const canvas = get("map")
        const places = () => canvas.drawn.map(([x, y]) => [Math.round(x), Math.round(y)])
        // 248 · 148 less edges of 24 is 200 · 100, ten times 20 · 10
        const corners = [
          [24, 124],
          [224, 24],
          [224, 124]
        ]
        assert.deepStrictEqual(places(), corners)
        canvas.send("pointermove", { offsetX: 220, offsetY: 22 })
        assert.deepStrictEqual([get("tip").hidden, get("tip").textContent], [false, `${evil} · oak · b\nPaint an OAK`])
        canvas.send("pointermove", { offsetX: 120, offsetY: 60 })
        assert.isTrue(get("tip").hidden)
        const [, , second] = get("sources").children
        const [box] = second?.children ?? []
        if (box) box.checked = false
        box?.send("change")
        assert.deepStrictEqual(places(), corners.slice(0, 2))
        get("all").send("click")
        assert.deepStrictEqual(places(), corners)
        canvas.send("wheel", { deltaY: -400 * Math.LN2, offsetX: 24, offsetY: 124 }) // twice as large, the first point stays
        assert.deepStrictEqual(places(), [
          [24, 124],
          [424, -76],
          [424, 124]
        ])
        canvas.send("keydown", { key: "ArrowLeft" })
        assert.deepStrictEqual(places()[0], [64, 124])
        canvas.send("keydown", { key: "0" })
        canvas.send("pointerleave")
        assert.deepStrictEqual(places(), corners)
      })
  )

  it.effect("the page finds prompts by their words, and colours by source or topic", () =>
    Effect.gen(function* () {
      const get = fakePage(yield* promptMapPage(hostile, "Map"))
      get("search").value = "oak"
      get("search").send("input")
      assert.strictEqual(get("status").textContent, "2 of 3 shown prompts")
      assert.deepStrictEqual(
        get("found").children.map(({ textContent }) => textContent),
        [`${evil}: Paint an OAK`, "two: oak"]
      )
      const drawn = () => get("map").drawn.map(([, , radius, colour]) => [radius, colour])
      const [first = "", second = ""] = ["hsl(0 65% 42%)", "hsl(138 65% 62%)"]
      assert.deepStrictEqual(drawn(), [
        [3, first],
        [5, first],
        [5, second]
      ])
      get("byTopic").send("change")
      assert.deepStrictEqual(drawn(), [
        [3, first],
        [5, second],
        [5, second]
      ])
    })
  )

  it.effect("promptMapSvg() draws every prompt in the colour of its group, and escapes names", () =>
    Effect.gen(function* () {
      const svg = promptMapSvg(hostile, { title: evil, colour: "topic" })
      const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="2.5" fill="([^"]+)"/g)]
      assert.deepStrictEqual(
        dots.map(([, x, y, fill]) => [x, y, fill]),
        [
          // 800 · 640 at 24, 64: 20 · 10 becomes 800 · 400 in the middle
          ["24", "584", "hsl(0 65% 42%)"],
          ["824", "184", "hsl(138 65% 62%)"],
          ["824", "584", "hsl(138 65% 62%)"]
        ]
      )
      assert.notMatch(svg, /<script|<img/)
      assert.notInclude(svg, "\u0000")
      yield* Effect.void
    })
  )

  it.effect("writePromptMap() writes page, pictures and data, and nothing else", () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const folder = join(yield* files.makeTempDirectoryScoped(), "map")
      const { json } = yield* writePromptMap(hostile, { folder, title: "Map" })
      assert.sameMembers(yield* files.readDirectory(folder), [
        "prompt-map.html",
        "prompt-map.json",
        "prompt-map-sources.svg",
        "prompt-map-topics.svg"
      ])
      const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(PromptMap))
      assert.deepStrictEqual(yield* decode(yield* files.readFileString(json)), hostile)
    }).pipe(Effect.scoped)
  )
})
