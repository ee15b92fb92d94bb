import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Path } from "effect"
import { datasetFiles, type DatasetRequest } from "../../src/hub/mod.ts"
import { withFile } from "../arrow/temporary.ts"
import { withoutWaiting } from "../remote/serve.ts"
import { fakeHub, id, type Interfere, sha } from "./fakeHub.ts"

const token = "hf_nobodyShallSeeThis"

const files = {
  "README.md":
    "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n  - split: test\n    path: data/test-*\n---\n",
  "data/train-00000-of-00002.parquet": "first half",
  "data/train-00001-of-00002.parquet": "second half",
  "data/test-00000-of-00001.parquet": "test é",
  "other.txt": "never asked for"
}

/** A hub and an empty cache: `get` asks for the data set, `asked` are the paths that were asked for since the last look. */
const withHub = <A, E>(
  use: (hub: {
    readonly get: (
      request?: Partial<DatasetRequest>
    ) => Effect.Effect<
      Effect.Success<ReturnType<typeof datasetFiles>>,
      Effect.Error<ReturnType<typeof datasetFiles>>,
      FileSystem.FileSystem | Path.Path
    >
    readonly cache: string
    readonly asked: () => ReadonlyArray<string>
  }) => Effect.Effect<A, E, FileSystem.FileSystem | Path.Path>,
  options: {
    readonly files?: Readonly<Record<string, string>>
    readonly interfere?: Interfere
    readonly env?: Readonly<Record<string, string>>
  } = {}
) =>
  withFile("cache", (cache) =>
    Effect.scoped(
      Effect.gen(function* () {
        const hub = yield* fakeHub(options.files ?? files, options.interfere)
        const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, ...options.env }
        const provider = ConfigProvider.layer(ConfigProvider.fromUnknown(env))
        const get = (request: Partial<DatasetRequest> = {}) =>
          datasetFiles({ id, ...request }).pipe(Effect.provide(provider))
        return yield* use({
          get,
          cache,
          asked: () => hub.asked.splice(0).map((path) => path.split(`${id}/`)[1] ?? path)
        })
      })
    )
  ).pipe(Effect.provide(Path.layer))

const train = ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"]

const busyTwice: Interfere = ({ url }, response, before) => {
  if (!url?.includes("/revision/") || before > 1) return false
  response.writeHead(before === 0 ? 429 : 503, before === 0 ? { "retry-after": "7" } : {}).end()
  return true
}

const otherBytes: Interfere = ({ url }, response) => {
  if (!url?.includes("/test-")) return false
  response.writeHead(200).end("TEST é")
  return true
}

const gated: Interfere = (_, response) => {
  response.writeHead(401, { "x-error-code": "GatedRepo" }).end()
  return true
}

const pointing: Interfere = ({ url }, response) => {
  if (!url?.includes("/tree/")) return false
  const link = '<http://elsewhere.test/next>; rel="next"'
  response.writeHead(200, { "content-type": "application/json", link }).end("[]")
  return true
}

/** Begins an answer, and never ends it. */
const halting: Interfere = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" })
  return response.write('{"id":') || true
}

describe("datasetFiles()", () => {
  it.effect("brings the files of a split into the cache, with the commit they are of", () =>
    withHub(({ cache, get }) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const found = yield* get({ split: "train" })
        const folder = `${cache}/datasets--some--data/snapshots/${sha}`
        assert.deepStrictEqual(found, {
          id,
          revision: "main",
          sha,
          folder,
          files: train.map((path) => ({ path: `${folder}/${path}`, split: "train", config: "default" })),
          splits: ["train", "test"],
          left: []
        })
        const texts = yield* Effect.forEach(found.files, ({ path }) => fs.readFileString(path))
        assert.deepStrictEqual(texts, ["first half", "second half"])
        assert.strictEqual(yield* fs.readFileString(`${cache}/datasets--some--data/refs/main`), sha)
        assert.deepStrictEqual((yield* fs.readDirectory(`${cache}/datasets--some--data/blobs`)).length, 3)
      })
    )
  )

  it.effect("downloads files of the same content once", () =>
    withHub(
      ({ asked, get }) =>
        Effect.gen(function* () {
          const fs = yield* FileSystem.FileSystem
          const found = yield* get({ split: "train" })
          const texts = yield* Effect.forEach(found.files, ({ path }) => fs.readFileString(path))
          assert.deepStrictEqual(texts, ["same", "same", "same"])
          assert.strictEqual(asked().filter((path) => path.includes("/train-")).length, 1)
        }),
      {
        files: Object.fromEntries(["0", "1", "2"].map((i) => [`data/train-0000${i}-of-00003.parquet`, "same"]))
      }
    )
  )

  it.effect("asks for nothing that it has: of a branch the commit alone, of a commit nothing", () =>
    withHub(({ asked, get }) =>
      Effect.gen(function* () {
        yield* get({ split: "train" })
        assert.deepStrictEqual(
          asked().toSorted(),
          [
            "revision/main",
            `tree/${sha}`,
            `tree/${sha}`,
            `tree/${sha}`,
            ...["README.md", ...train].map((file) => `resolve/${sha}/${file}`)
          ].toSorted()
        )
        yield* get({ split: "train" })
        assert.deepStrictEqual(asked(), ["revision/main"])
        yield* get({ split: "train", revision: sha })
        assert.deepStrictEqual(asked(), [])
      })
    )
  )

  it.effect("offline, gives what the cache has and names what it has not", () =>
    withHub(({ asked, cache, get }) =>
      Effect.gen(function* () {
        const nothing = yield* Effect.flip(get({ offline: true }))
        const start = 'Cannot get data set "some/data" at revision "main": found no'
        const end = `in cache "${cache}", wanted it there, as nothing is asked for offline`
        assert.strictEqual(nothing.message, `${start} revision "main" ${end}`)
        const online = yield* get({ split: "train" })
        asked()
        assert.deepStrictEqual(yield* get({ split: "train", offline: true }), online)
        const missing = yield* Effect.flip(get({ split: "test", offline: true }))
        assert.strictEqual(missing.message, `${start} file "data/test-00000-of-00001.parquet" ${end}`)
        assert.deepStrictEqual(asked(), [])
      })
    )
  )

  it.effect("is offline where HF_HUB_OFFLINE says so", () =>
    withHub(
      ({ asked, get }) =>
        Effect.gen(function* () {
          assert.match((yield* Effect.flip(get())).message, /nothing is asked for offline/)
          assert.deepStrictEqual(asked(), [])
        }),
      { env: { HF_HUB_OFFLINE: "1" } }
    )
  )

  it.effect("waits and asks again after 429 and 503, as long as the hub asks for", () => {
    return withHub(
      ({ get }) =>
        Effect.gen(function* () {
          const { result, waits } = yield* withoutWaiting(get({ split: "test", timeout: 600 }))
          assert.strictEqual(result.files.length, 1)
          assert.strictEqual(waits[0], 7)
          assert.strictEqual(waits.length, 2)
        }),
      { interfere: busyTwice }
    )
  })

  it.effect("goes on with a download that broke off", () => {
    const ranges: Array<string | undefined> = []
    const interfere: Interfere = ({ headers, url }, response, before) => {
      if (!url?.includes("/test-")) return false
      ranges.push(headers.range)
      if (before > 0) return false
      response.writeHead(200, { "content-length": "7" })
      response.write("tes", () => setTimeout(() => response.destroy(), 20))
      return true
    }
    return withHub(
      ({ get }) =>
        Effect.gen(function* () {
          const { result } = yield* withoutWaiting(get({ split: "test", timeout: 600 }))
          const fs = yield* FileSystem.FileSystem
          assert.strictEqual(yield* fs.readFileString(result.files[0]?.path ?? ""), "test é")
          assert.deepStrictEqual(ranges, [undefined, "bytes=3-"])
        }),
      { interfere }
    )
  })

  it.effect("refuses bytes that are not those of the commit, and keeps none of them", () => {
    return withHub(
      ({ cache, get }) =>
        Effect.gen(function* () {
          const { message } = yield* Effect.flip(get({ split: "test" }))
          assert.match(
            message,
            /file "data\/test-00000-of-00001.parquet": found digest [0-9a-f]{64}, wanted digest [0-9a-f]{64}/
          )
          const fs = yield* FileSystem.FileSystem
          const blobs = yield* fs.readDirectory(`${cache}/datasets--some--data/blobs`)
          assert.strictEqual(blobs.length, 1)
        }),
      { interfere: otherBytes }
    )
  })

  for (const path of ["../../outside.parquet", "/etc/passwd.parquet", "a/..\\..\\b.parquet", "C:/x.parquet"]) {
    it.effect(`refuses a file named ${JSON.stringify(path)}, and writes nothing`, () =>
      withHub(
        ({ cache, get }) =>
          Effect.gen(function* () {
            const { message } = yield* Effect.flip(get())
            assert.include(message, `found file ${JSON.stringify(path)}, wanted a path that stays inside the data set`)
            assert.isFalse(yield* (yield* FileSystem.FileSystem).exists(cache))
          }),
        { files: { [path]: "x" } }
      )
    )
  }

  const refusals: ReadonlyArray<readonly [string, Partial<DatasetRequest>, RegExp]> = [
    [
      "an id that does not exist",
      { id: "some/nothing" },
      /"some\/nothing" at revision "main": found status 404, wanted a data set that exists \(a private one needs a token in HF_TOKEN\)/
    ],
    [
      "a revision that does not exist",
      { revision: "v9" },
      /at revision "v9": found status 404, wanted a branch, a tag or a commit/
    ],
    ["a text that is no id", { id: "../x" }, /found id "\.\.\/x", wanted "owner\/name"/],
    ["a revision that leads outside", { revision: "../x" }, /wanted a branch, a tag or a commit/],
    ["a split that does not exist", { split: "dev" }, /found split "dev", wanted one of "train", "test"/]
  ]
  for (const [what, request, message] of refusals) {
    it.effect(`refuses ${what}`, () =>
      withHub(({ get }) => Effect.map(Effect.flip(get(request)), (error) => assert.match(error.message, message)))
    )
  }

  it.effect("says that a data set is gated, without and with a token", () => {
    return Effect.gen(function* () {
      const without = yield* withHub(({ get }) => Effect.flip(get()), { interfere: gated })
      assert.match(
        without.message,
        /found status 401 and a token that is absent, wanted in HF_TOKEN a token of somebody who agreed/
      )
      const withToken = yield* withHub(({ get }) => Effect.flip(get()), { interfere: gated, env: { HF_TOKEN: token } })
      assert.match(withToken.message, /a token whose owner has not been granted access/)
    })
  })

  it.effect("sends the token to the hub alone, and shows it nowhere", () => {
    const seen: Array<string | undefined> = []
    const interfere: Interfere = ({ headers }, response) => {
      seen.push(headers.authorization)
      response.writeHead(400).end(`you sent ${headers.authorization}`)
      return true
    }
    return withHub(
      ({ get }) =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(get())
          assert.deepStrictEqual(seen, [`Bearer ${token}`])
          assert.match(error.message, /found status 400 \(you sent Bearer <key>\)/)
          for (const shown of [
            error.message,
            String(error),
            inspect(error, { depth: 9 }),
            JSON.stringify(error),
            error.stack ?? ""
          ])
            assert.notInclude(shown, token)
        }),
      { interfere, env: { HF_TOKEN: token } }
    )
  })

  it.effect("sends no token to another host that the hub points to", () => {
    return withHub(
      ({ get }) =>
        Effect.gen(function* () {
          const seen: Array<readonly [host: string, authorization: string | null]> = []
          const spy: typeof fetch = (input, init) => {
            const url = new URL(String(input))
            seen.push([url.hostname, new Headers(init?.headers).get("authorization")])
            return url.hostname === "elsewhere.test" ? Promise.resolve(new Response("[]")) : fetch(input, init)
          }
          const { message } = yield* Effect.flip(get({ fetch: spy }))
          assert.match(message, /found no file/)
          const key = `Bearer ${token}`
          assert.deepStrictEqual(seen, [
            ["127.0.0.1", key],
            ["127.0.0.1", key],
            ["elsewhere.test", null]
          ])
        }),
      { interfere: pointing, env: { HF_TOKEN: token } }
    )
  })

  it.live("waits for the rest of an answer no longer than told", () =>
    withHub(
      ({ get }) =>
        Effect.map(Effect.flip(get({ timeout: 0.2 })), ({ message }) =>
          assert.match(message, /found half an answer, wanted the data set with the commit of its revision/)
        ),
      { interfere: halting }
    )
  )

  it.effect("tells of a connection that breaks, through the fetch it is given", () =>
    withHub(({ asked, get }) =>
      Effect.gen(function* () {
        const broken = () => Promise.reject(Object.assign(new TypeError(token), { code: "ECONNRESET" }))
        const { result, waits } = yield* withoutWaiting(Effect.flip(get({ fetch: broken, attempts: 3, timeout: 600 })))
        assert.match(
          result.message,
          /found a connection that broke \(ECONNRESET\), wanted a whole answer \(3 attempts\)/
        )
        assert.notInclude(result.message, token)
        assert.strictEqual(waits.length, 2)
        assert.deepStrictEqual(asked(), [])
      })
    )
  )
})
