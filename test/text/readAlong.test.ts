import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { key, uniform } from "../../src/random/mod.ts"
import { readAlong, type Tokenizer } from "../../src/text/mod.ts"
import { garden, readTokenizer, shared } from "./tokenizers.ts"

/** A tokenizer whose tokens are bytes, and token 256 is special. */
const bytes: Tokenizer = {
  ...garden,
  encode: (text) => Int32Array.from(Buffer.from(text)),
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(Array.from(ids).filter((id) => id < 256))),
  isSpecial: (id) => id === special
}

const special = 256

/** What each token gives, what is held at the end, and how many tokens were read before a stop string ended it. */
const follow = (tokenizer: Tokenizer, ids: ArrayLike<number>, stops?: ReadonlyArray<string>) => {
  const reader = readAlong(tokenizer, stops)
  const pieces: Array<string> = []
  for (const id of Array.from(ids)) {
    const { stopped, text } = reader.push(id)
    pieces.push(text)
    if (stopped) return { pieces, rest: undefined }
  }
  return { pieces, rest: reader.rest() }
}

const whole = ({ pieces, rest = "" }: ReturnType<typeof follow>) => pieces.join("") + rest

describe("readAlong()", () => {
  it("holds back bytes until they are a character", () => {
    assert.deepStrictEqual(follow(bytes, bytes.encode("aé€😀b")), {
      pieces: ["a", "", "é", "", "", "€", "", "", "", "😀", "b"],
      rest: ""
    })
  })

  it("gives bytes that never become a character at the end, as the decoder writes them", () => {
    assert.deepStrictEqual(follow(bytes, [0x61, 0xe2, 0x82]), { pieces: ["a", "", ""], rest: "\uFFFD" })
    assert.deepStrictEqual(follow(bytes, [0xe2, 0x62]), { pieces: ["", "\uFFFDb"], rest: "" })
  })

  it("writes no special token, and goes on after one", () => {
    assert.deepStrictEqual(follow(bytes, [0x61, special, 0xc3, special, 0xa9]), {
      pieces: ["a", "", "", "", "é"],
      rest: ""
    })
  })

  it("gives the text of any bytes", () => {
    for (let row = 0; row < 50; row++) {
      // most of them begin or go on with a character, so that some become one
      const drawn = (i: number) => 128 + Math.floor(uniform(key("bytes", row), i) * 129)
      const ids = Array.from({ length: 200 }, (_, i) => drawn(i))
      assert.strictEqual(whole(follow(bytes, ids)), bytes.decode(ids, { skipSpecialTokens: true }))
    }
  })

  it("decodes a few tokens for each, whatever the response is: words, bytes that are no character, no text", () => {
    let decoded = 0
    const counting: Tokenizer = {
      ...bytes,
      decode: (ids, options) => {
        decoded += ids.length
        return bytes.decode(ids, options)
      }
    }
    const length = 4000
    for (const id of [0x61, 0xff, 0xe2, special]) {
      decoded = 0
      const ids = Array.from({ length }, () => id)
      assert.strictEqual(whole(follow(counting, ids)), bytes.decode(ids, { skipSpecialTokens: true }))
      assert.isBelow(decoded, 20 * length)
    }
  })

  it("cuts the text before the first stop string, wherever tokens end", () => {
    const text = bytes.encode("one\n\ntwo")
    assert.deepStrictEqual(follow(bytes, text, ["\n\n"]), { pieces: ["o", "n", "e", "", ""], rest: undefined })
    assert.deepStrictEqual(follow(bytes, text, ["two", "e\n"]), { pieces: ["o", "n", "", ""], rest: undefined })
    assert.deepStrictEqual(whole(follow(bytes, bytes.encode("x€y"), ["€"])), "x")
  })

  it("holds back only what may begin a stop string, and gives it when it does not", () => {
    assert.deepStrictEqual(follow(bytes, bytes.encode("aab"), ["aac"]), { pieces: ["", "", "aab"], rest: "" })
    assert.deepStrictEqual(follow(bytes, bytes.encode("aaaac"), ["aac"]), {
      pieces: ["", "", "a", "a", ""],
      rest: undefined
    })
    assert.deepStrictEqual(follow(bytes, bytes.encode("ba"), ["ac"]), { pieces: ["b", ""], rest: "a" })
  })

  const texts: ReadonlyArray<string> = JSON.parse(readFileSync("fixtures/text/ids.json", "utf8")).texts
  const tokenizers = ["llama3", "qwen2_5", "gpt2"].map((name) => `${shared}tokenizers/${name}`)
  const models = ["minimind2-small", "stories15M", "stories260K"].map((name) => `${shared}models/${name}`)

  for (const folder of ["fixtures/garden/model", "fixtures/model/smollm2", ...tokenizers, ...models]) {
    it.skipIf(!existsSync(`${folder}/tokenizer.json`))(`gives the text of all tokens, of "${folder}"`, () => {
      const tokenizer = readTokenizer(folder)
      const chance = Array.from({ length: 30 }, (_, row) =>
        Int32Array.from({ length: 12 }, (_id, i) => Math.floor(uniform(key(row), i) * tokenizer.vocabularySize))
      )
      for (const ids of [...texts.map((text) => tokenizer.encode(text)), ...chance]) {
        const { pieces, rest } = follow(tokenizer, ids)
        assert.strictEqual(pieces.join("") + rest, tokenizer.decode(ids, { skipSpecialTokens: true }))
      }
    })
  }
})
