/** Llama 3's stretching of the rotary wavelengths. */
export interface Llama3Scaling {
  readonly rope_type: "llama3"
  readonly factor: number
  readonly low_freq_factor: number
  readonly high_freq_factor: number
  readonly original_max_position_embeddings: number
}

/** Every wavelength stretched alike. */
export interface LinearScaling {
  readonly rope_type: "linear"
  readonly factor: number
}

/** Long wavelengths stretched, short ones kept, and the vectors made longer by `attention_factor`. */
export interface YarnScaling {
  readonly rope_type: "yarn"
  readonly factor: number
  readonly attention_factor: number
  readonly beta_fast: number
  readonly beta_slow: number
  readonly original_max_position_embeddings: number
}

/** How a model is carried past the context that it was first trained on. */
export type RopeScaling = Llama3Scaling | LinearScaling | YarnScaling
