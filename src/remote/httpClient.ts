import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"

/**
 * What sends requests: `node:http`, because `fetch` gives up after five minutes without an answer, which is less than many
 * responses take; redirections are not followed, so that a key reaches no other host.
 */
export const httpClient = NodeHttpClient.layerNodeHttp
