/** Colours given to labels that name none, in this order; after the twelfth the list starts again (design/ux.md §2). */
export const labelPalette = [
  "#2563EB",
  "#D97706",
  "#059669",
  "#DB2777",
  "#7C3AED",
  "#0891B2",
  "#CA8A04",
  "#DC2626",
  "#4D7C0F",
  "#9333EA",
  "#0F766E",
  "#B45309",
] as const;

/** The colour of the n-th label (from 0). */
export function paletteColor(n: number): string {
  return labelPalette[n % labelPalette.length] ?? labelPalette[0];
}
