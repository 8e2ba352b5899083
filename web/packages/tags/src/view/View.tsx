import { cx } from "@labelwright/ui";
import type { TagViewProps } from "../define";
import { readableOn, readStyle } from "../shared/css";
import readable from "../shared/readable.module.css";

const displays: Readonly<Record<string, string>> = { inline: "inline-block", "inline-block": "inline-block", flex: "flex", grid: "grid", none: "none" };

/** A box around other tags, with the config's own style and classes. */
export function ViewBox({ node, children }: TagViewProps) {
  const { style, classname, idattr, display } = node.attrs;
  const box = { ...readStyle(style) };
  const shown = displays[String(display)];
  if (shown && box.display === undefined) box.display = shown;
  const theme = readableOn(box);
  return (
    <div style={box} className={cx(theme === "light" && readable.onLight, theme === "dark" && readable.onDark, String(classname ?? "")) || undefined} id={typeof idattr === "string" ? idattr : undefined}>
      {children}
    </div>
  );
}
