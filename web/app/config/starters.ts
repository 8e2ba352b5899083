/** Interfaces suggested for the user's own data, ready with the right column and, where known, the right labels. */
import { paletteColor } from "@labelwright/ui";
import { mainColumn, type Column, type ColumnKind } from "../create/columns";
import { bindObject, escapeAttr, objectBindings } from "./edits";

export interface Starter {
  readonly id: string;
  readonly title: string;
  /** One line: what people do. */
  readonly hint: string;
  readonly config: string;
}

interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly kinds: readonly ColumnKind[];
  readonly make: (column: string, labels: readonly string[]) => string;
}

const choiceTags = (labels: readonly string[]) => labels.map((label) => `    <Choice value="${escapeAttr(label)}"/>`).join("\n");
const labelTags = (labels: readonly string[]) =>
  labels.map((label, index) => `    <Label value="${escapeAttr(label)}" background="${paletteColor(index)}"/>`).join("\n");
const given = (labels: readonly string[], fallback: readonly string[]) => (labels.length > 0 ? labels : fallback);

const classify = (object: string, tag: string, column: string, labels: readonly string[]) => `<View>
  <${tag} name="${object}" value="$${column}"/>
  <Choices name="choice" toName="${object}" choice="single" required="true">
${choiceTags(labels)}
  </Choices>
</View>`;

const recipes: readonly Recipe[] = [
  {
    id: "text-classes",
    title: "Text classification",
    hint: "One class for each text, one key each",
    kinds: ["text", "class", "html", "list", "other"],
    make: (column, labels) => classify("text", "Text", column, given(labels, ["Positive", "Negative", "Neutral"])),
  },
  {
    id: "entities",
    title: "Named entities",
    hint: "Mark words and phrases in the text",
    kinds: ["text", "html", "list", "other"],
    make: (column, labels) => `<View>
  <Labels name="label" toName="text">
${labelTags(given(labels, ["Person", "Organization", "Location", "Date"]))}
  </Labels>
  <Text name="text" value="$${column}"/>
</View>`,
  },
  {
    id: "summary",
    title: "Summary or translation",
    hint: "Read a text, write another",
    kinds: ["text", "html", "list", "other"],
    make: (column) => `<View>
  <Text name="document" value="$${column}"/>
  <TextArea name="summary" toName="document" placeholder="Write a summary…" maxSubmissions="1" rows="4" required="true"/>
</View>`,
  },
  {
    id: "rating",
    title: "Rate quality",
    hint: "Stars and a remark",
    kinds: ["text", "html", "list", "other"],
    make: (column) => `<View>
  <Text name="text" value="$${column}"/>
  <Rating name="rating" toName="text" maxRating="5" required="true"/>
  <TextArea name="remark" toName="text" placeholder="Why? (optional)" maxSubmissions="1"/>
</View>`,
  },
  {
    id: "boxes",
    title: "Object detection",
    hint: "Draw boxes around things",
    kinds: ["image"],
    make: (column, labels) => `<View>
  <Image name="image" value="$${column}"/>
  <RectangleLabels name="label" toName="image">
${labelTags(given(labels, ["Car", "Person", "Bicycle"]))}
  </RectangleLabels>
</View>`,
  },
  {
    id: "image-classes",
    title: "Image classification",
    hint: "One class for each image, one key each",
    kinds: ["image"],
    make: (column, labels) => classify("image", "Image", column, given(labels, ["Cat", "Dog", "Other"])),
  },
  {
    id: "caption",
    title: "Image caption",
    hint: "Describe what is in the picture",
    kinds: ["image"],
    make: (column) => `<View>
  <Image name="image" value="$${column}"/>
  <TextArea name="caption" toName="image" placeholder="What is in the picture?" maxSubmissions="1" rows="2" required="true"/>
</View>`,
  },
];

/** Suggestions for these columns, the likeliest first; without data, all of them. */
export function starters(columns: readonly Column[], labels: readonly string[]): Starter[] {
  const main = mainColumn(columns);
  const fitting = main ? recipes.filter((recipe) => recipe.kinds.includes(main.kind)) : recipes;
  return fitting.map(({ id, title, hint, kinds, make }) => ({ id, title, hint, config: make(main?.name ?? (kinds[0] === "image" ? "image" : "text"), labels) }));
}

const kindOfTag: Readonly<Record<string, readonly ColumnKind[]>> = {
  text: ["text", "class", "html"],
  hypertext: ["html", "text"],
  image: ["image"],
  audio: ["audio"],
  audioplus: ["audio"],
  video: ["video"],
  pdf: ["pdf"],
  paragraphs: ["dialogue"],
  list: ["list"],
  table: ["other", "list"],
};

/** The config with its objects pointed at columns that exist: each that names none of them gets the next fitting one. */
export function fitToColumns(config: string, columns: readonly Column[]): string {
  const used = new Set<string>();
  let fitted = config;
  // From the last tag to the first, so that the offsets before stay right.
  const bindings = objectBindings(config);
  const chosen = bindings.map((binding) => {
    if (columns.some((column) => column.name === binding.field.split(/[.[]/)[0])) return binding.field;
    const kinds = kindOfTag[binding.tag.toLowerCase()] ?? [];
    const fits = columns.filter((column) => kinds.includes(column.kind) && !used.has(column.name)).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.length_chars - a.length_chars);
    const name = fits[0]?.name ?? binding.field;
    used.add(name);
    return name;
  });
  for (let index = bindings.length - 1; index >= 0; index--) {
    const binding = bindings[index];
    if (binding && chosen[index] !== binding.field) fitted = bindObject(fitted, binding.at, chosen[index] ?? binding.field);
  }
  return fitted;
}
