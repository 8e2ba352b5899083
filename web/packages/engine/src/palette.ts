/** Colours for labels that the config gives none (design/ux.md §2: order aware of colour vision). */
export const labelPalette = [
  "#2563EB", "#D97706", "#059669", "#DB2777", "#7C3AED", "#0891B2",
  "#CA8A04", "#DC2626", "#4D7C0F", "#9333EA", "#0F766E", "#B45309",
] as const;

/** For regions without a label, and labels that the config does not know. */
export const unknownColor = "#8B94A3";
