import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { makeTokenizer } from "../../src/text/mod.ts"

const plain = "{% for m in messages %}<im_start> {{ m.role }} {{ m.content }}"

/** The end ids of the garden's tokenizer with these files beside it; <pad> is 0, <bos> 1, <im_start> 2 and <im_end> 3. */
const endIds = (
  template: string,
  { config = {}, generation = {}, tokenizer = {} }: Partial<Record<"config" | "generation" | "tokenizer", object>> = {}
) =>
  Result.getOrThrow(
    makeTokenizer({
      "tokenizer.json": readFileSync("fixtures/garden/model/tokenizer.json", "utf8"),
      "tokenizer_config.json": JSON.stringify(tokenizer),
      "generation_config.json": JSON.stringify(generation),
      "config.json": JSON.stringify(config),
      "chat_template.jinja": template
    })
  ).eosIds

describe("makeTokenizer() ends a response at", () => {
  it("the token of its own config, then those of the generation's and of the model's, each once", () => {
    const files = {
      tokenizer: { eos_token: "<bos>" },
      generation: { eos_token_id: [0, 1] },
      config: { eos_token_id: 2 }
    }
    assert.deepStrictEqual(endIds(`${plain}{% endfor %}`, files), [1, 0, 2])
    assert.deepStrictEqual(endIds(`${plain}{% endfor %}`), [])
  })

  it("the special token that the template prints after what the assistant said, where no file names it", () => {
    assert.deepStrictEqual(endIds(`${plain}  <im_end>\n<bos>{% endfor %}`), [3])
    assert.deepStrictEqual(endIds(`${plain} <im_end>{% endfor %}`, { tokenizer: { eos_token: "<bos>" } }), [1, 3])
    assert.deepStrictEqual(endIds(`${plain} <im_end>{% endfor %}`, { tokenizer: { eos_token: "<im_end>" } }), [3])
  })

  it("nothing that is a word, that stands elsewhere, or that a template prints without what was said", () => {
    assert.deepStrictEqual(endIds(`${plain} crab <im_end>{% endfor %}`), [])
    assert.deepStrictEqual(endIds("{% for m in messages %}<im_end> {{ m.content }}{% endfor %}"), [])
    assert.deepStrictEqual(endIds("<im_end>"), [])
    assert.deepStrictEqual(endIds("{{ raise_exception('only system') }}"), [])
    assert.deepStrictEqual(endIds(`${plain}{% endfor %}{% if add_generation_prompt %}<im_end>{% endif %}`), [])
  })
})
