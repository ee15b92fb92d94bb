import { Result, Schema } from "effect"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Absent = Schema.optionalKey(Schema.NullOr(Schema.String))
const Summary = Schema.Struct({ text: Schema.String, policy: Schema.NonEmptyString })

const Row = Schema.Struct({
  info: Schema.Struct({ post: Absent, title: Absent, subreddit: Absent, article: Absent }),
  summaries: Schema.Tuple([Summary, Summary]),
  choice: Schema.Literals([0, 1])
})

/** What is summarized: the post with its forum and title, or the article. */
const textOf = ({ article, post, subreddit, title }: (typeof Row.Type)["info"]): string =>
  post
    ? [subreddit ? `SUBREDDIT: r/${subreddit}` : "", title ? `TITLE: ${title}` : "", `POST: ${post}`, "TL;DR:"]
        .filter((line) => line !== "")
        .join("\n\n")
    : article
      ? `${article}\n\nTL;DR:`
      : ""

/**
 * Summarize from feedback, comparisons: two summaries of a post, one preferred by a person.
 *
 * Source   Layout: the one commonly published for openai/summarize_from_feedback, `comparisons` (info, summaries, choice); its card
 *          names no fields, so that it is not checked against it. The wording around a post is that of Stiennon et al. (2020),
 *          Appendix B.2. The card states no licence.
 * Domain   `source` is the policies that wrote the two summaries, the chosen one first.
 */
export const summarizeFromFeedback: SourceOf<"preferences"> = {
  title: "Summarize from Feedback",
  kind: "preferences",
  place: { hub: "openai/summarize_from_feedback", config: "comparisons", split: "train" },
  licence: { name: "not found", from: "nobody" },
  citation: "Stiennon et al., 2020, arXiv:2009.01325",
  filters: [{ identical: {} }, { emptyTurns: {} }],
  read: reader(Row, ({ choice, info, summaries }, id) => {
    const text = textOf(info)
    if (text === "") return Result.fail({ field: "info", found: "neither post nor article", wanted: "one of them" })
    const [chosen, rejected] = choice === 0 ? summaries : [summaries[1], summaries[0]]
    return all({
      ...userPrompt(id, text),
      chosen: chosen.text,
      rejected: rejected.text,
      margin: 0,
      dataset: "summarizeFromFeedback",
      source: `${chosen.policy}, ${rejected.policy}`,
      annotator: "Human"
    })
  })
}
