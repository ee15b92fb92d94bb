const words = (text: string): ReadonlyArray<string> => text.split(" ")

/** Words of each topic of the garden domain; no word is in two topics. */
export const topics = {
  kitchen: words("oven kettle spoon fork knife plate bowl pan pot cup apron whisk"),
  garden: words("rake shovel tulip rose fern hedge lawn seed soil fence trowel bench"),
  sea: words("whale shark coral wave shell crab tide reef boat anchor dolphin kelp"),
  forest: words("oak pine moss deer owl fox mushroom trail birch squirrel acorn bear"),
  school: words("desk chalk teacher pencil eraser book ruler lesson bell exam class notebook"),
  music: words("piano violin drum flute song choir melody rhythm guitar harp trumpet chord"),
  city: words("street tram bus tower bridge museum plaza taxi subway cafe market hotel"),
  space: words("planet star comet moon rocket orbit galaxy meteor astronaut satellite telescope crater")
} as const

export type Topic = keyof typeof topics

/** The counts that a request may ask for. */
export const counts = { three: 3, four: 4, five: 5 } as const

/** Polite first words, polite last words, and words that say nothing. */
export const openings = ["sure", "gladly"] as const
export const closings = ["enjoy", "thanks"] as const
export const fillers = ["and", "also", "then"] as const

/** Words of lazy answers: they belong to no topic. */
export const vague = words("stuff gizmo thingy something anything whatever dunno maybe hmm blah etcetera nothing")

/** Words after which a request names the word to avoid. */
export const refusals = ["without", "except"] as const
