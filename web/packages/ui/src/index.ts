/**
 * The look of Labelwright. The app imports `base.css` once (it brings tokens.css and the fonts); everything else uses the
 * components below and the custom properties of tokens.css.
 */
export { labelPalette, paletteColor } from "./palette";
