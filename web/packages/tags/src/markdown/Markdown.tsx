import { resolveText } from "@labelwright/config";
import { useMemo, type ReactNode } from "react";
import type { TagViewProps } from "../define";
import { readStyle } from "../shared/css";
import styles from "./Markdown.module.css";
import { isSafeLink, parseMarkdown, type Block, type Inline } from "./parse";

/** Formatted text of the config or the task. It becomes elements, never HTML, so there is nothing to sanitise. */
export default function Markdown({ node, editor }: TagViewProps) {
  const source = resolveText(node.raw.value ?? node.text, editor.taskData);
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  return (
    <div className={`${styles.markdown} ${String(node.attrs.classname ?? "")}`} style={readStyle(node.attrs.style)}>
      {blocks.map(showBlock)}
    </div>
  );
}

const headings = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

function showBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Heading = headings[block.level - 1] ?? "h6";
      return <Heading key={key}>{block.children.map(showInline)}</Heading>;
    }
    case "paragraph":
      return <p key={key}>{block.children.map(showInline)}</p>;
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return (
        <List key={key}>
          {block.items.map((item, index) => (
            <li key={index}>{item.map((each, at) => (each.kind === "paragraph" && at === 0 ? <span key={at}>{each.children.map(showInline)}</span> : showBlock(each, at)))}</li>
          ))}
        </List>
      );
    }
    case "quote":
      return <blockquote key={key}>{block.children.map(showBlock)}</blockquote>;
    case "code":
      return <pre key={key}>{block.text}</pre>;
    case "rule":
      return <hr key={key} />;
  }
}

function showInline(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "code":
      return <code key={key}>{inline.text}</code>;
    case "link":
      return (
        <a key={key} href={inline.href} target="_blank" rel="noreferrer noopener">
          {inline.children.map(showInline)}
        </a>
      );
    case "image":
      return isSafeLink(inline.src) ? <img key={key} src={inline.src} alt={inline.alt} /> : inline.alt;
    default: {
      const Tag = inline.kind;
      return <Tag key={key}>{inline.children.map(showInline)}</Tag>;
    }
  }
}
