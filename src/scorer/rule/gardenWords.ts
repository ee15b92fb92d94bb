const words = (text: string): ReadonlyArray<string> => text.split(" ")

/** Words of each topic of the garden domain; no word is in two topics. */
export const topics = {
  kitchen: words("oven kettle spoon fork knife plate bowl pan pot cup apron whisk ladle stove"),
  garden: words("rake shovel tulip rose fern hedge lawn seed soil fence trowel bench ivy daisy"),
  sea: words("whale shark coral wave shell crab tide reef boat anchor dolphin kelp gull squid"),
  forest: words("oak pine moss deer owl fox mushroom trail birch squirrel acorn bear log wolf"),
  school: words("desk chalk teacher pencil eraser book ruler lesson bell exam class notebook globe pupil"),
  music: words("piano violin drum flute song choir melody rhythm guitar harp trumpet chord tune cello"),
  weather: words("rain snow cloud storm wind fog hail thunder frost sun breeze drizzle heat ice"),
  farm: words("cow tractor barn hay goat sheep hen horse plough field duck pig wheat fodder"),
  city: words("street tram bus tower bridge museum plaza taxi subway cafe market hotel traffic alley"),
  space: words("planet star comet moon rocket orbit galaxy meteor astronaut satellite telescope crater nebula mars")
} as const

export type Topic = keyof typeof topics

/** The counts that a request may ask for. */
export const counts = { two: 2, three: 3, four: 4, five: 5, six: 6 } as const

/** Polite first words, polite last words, and words that say nothing. */
export const openings = ["sure", "gladly"] as const
export const closings = ["enjoy", "thanks"] as const
export const fillers = ["and", "also", "then"] as const

/** Words after which a request names the word to avoid. */
export const refusals = ["without", "except"] as const
