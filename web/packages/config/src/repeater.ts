/** Repeater: a part of the config written once and shown for each element of a list in the task. */
import { indexConfig, makeNode } from "./parse";
import type { ConfigNode, LabelConfig } from "./types";
import { resolve, type TaskData } from "./variables";

/**
 * The config as it stands for this task: every Repeater holds one View per element, in which its index flag is replaced
 * by the element's index in all attributes and texts, so names and results read `c_0`, `c_1`. The same object when there is no Repeater.
 */
export function expand(config: LabelConfig, data: TaskData): LabelConfig {
  const root = expandNode(config.root, data);
  return root === config.root ? config : indexConfig(config.source, root, config.problems);
}

function expandNode(node: ConfigNode, data: TaskData): ConfigNode {
  if (node.tag === "Repeater") return expandRepeater(node, data);
  const children = node.children.map((child) => expandNode(child, data));
  return children.every((child, index) => child === node.children[index]) ? node : { ...node, children };
}

function expandRepeater(node: ConfigNode, data: TaskData): ConfigNode {
  const list = resolve(node.raw.on, data);
  const flag = node.raw.indexflag ?? "{{idx}}";
  const items = Array.isArray(list) ? list : [];
  const children = items.map((_, index) => {
    const copies = node.children.map((child) => expandNode(withIndex(child, flag, String(index)), data));
    return makeNode("View", {}, "", copies, node.place);
  });
  return { ...node, children };
}

function withIndex(node: ConfigNode, flag: string, index: string): ConfigNode {
  const fill = (text: string) => text.replaceAll(flag, index);
  const raw = Object.fromEntries(Object.entries(node.raw).map(([key, text]) => [key, fill(text)]));
  return makeNode(node.tag, raw, fill(node.text), node.children.map((child) => withIndex(child, flag, index)), node.place);
}
