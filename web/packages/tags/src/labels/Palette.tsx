import type { TagViewProps } from "../define";

export default function Palette({ node }: TagViewProps) {
  return <div role="group" aria-label={node.name} />;
}
