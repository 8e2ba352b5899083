/** Repeatable samples: a drawn street, boxes on a grid, words with spans. */
import type { ResultItem } from "@labelwright/engine";

export const IMAGE_CONFIG = `<View>
  <Image name="image" value="$image" rotateControl="true"/>
  <RectangleLabels name="label" toName="image">
    <Label value="Airplane" background="green"/><Label value="Car" background="blue"/><Label value="Person" background="red"/>
  </RectangleLabels>
</View>`;

export const TEXT_CONFIG = `<View>
  <Labels name="label" toName="text">
    <Label value="PER" background="red"/><Label value="ORG" background="darkorange"/><Label value="LOC" background="orange"/><Label value="MISC" background="green"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>`;

/** A picture of `width` × `height` as a blob address. */
export async function street(width = 1600, height = 1200): Promise<string> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d");
  if (!ctx) return "";
  const sky = ctx.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, "#9cc3e6");
  sky.addColorStop(0.5, "#e8eef2");
  sky.addColorStop(0.5, "#8b8f94");
  sky.addColorStop(1, "#55585c");
  ctx.fillStyle = sky;
  ctx.fillRect(0, 0, width, height);
  for (let i = 0; i < 60; i++) {
    ctx.fillStyle = `hsl(${(i * 47) % 360} 25% ${35 + ((i * 13) % 40)}%)`;
    ctx.fillRect((i * 131) % width, height * 0.5 - 60 - ((i * 37) % 200), 70, 60 + ((i * 37) % 200));
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return blob ? URL.createObjectURL(blob) : "";
}

export function gridBoxes(n: number): ResultItem[] {
  const side = Math.max(25, Math.ceil(Math.sqrt(n)));
  const step = 100 / side;
  return Array.from({ length: n }, (_, k) => ({
    id: `b${k}`, from_name: "label", to_name: "image", type: "rectanglelabels", origin: "manual",
    original_width: 1600, original_height: 1200, image_rotation: 0,
    value: {
      x: (k % side) * step + step / 8, y: Math.floor(k / side) * step + step / 8, width: step * 0.7, height: step * 0.7, rotation: 0,
      rectanglelabels: [["Airplane", "Car", "Person"][k % 3]],
    },
  }));
}

const WORDS = "time year people way day man thing woman life child world school state family student group country problem hand part place case week company system".split(" ");

/** Words, with a line break now and then. */
export function words(length: number): string {
  let text = "";
  for (let i = 0; text.length < length; i++) text += `${WORDS[(i * 7 + (i >> 3)) % WORDS.length]}${i % 120 === 119 ? ".\n\n" : i % 17 === 16 ? ". " : " "}`;
  return text.slice(0, length);
}

/** `n` spans of one word or three, spread evenly. */
export function wordSpans(text: string, n: number): ResultItem[] {
  const at = [...text.matchAll(/\w+/g)];
  const step = Math.max(1, Math.floor(at.length / n));
  return Array.from({ length: Math.min(n, at.length) }, (_, i) => {
    const first = at[i * step];
    const last = at[Math.min(i * step + (i % 5 === 0 ? 2 : 0), at.length - 1)];
    const start = first?.index ?? 0;
    const end = (last?.index ?? 0) + (last?.[0].length ?? 0);
    return { id: `s${i}`, from_name: "label", to_name: "text", type: "labels", origin: "manual", value: { start, end, text: text.slice(start, end), labels: [["PER", "ORG", "LOC", "MISC"][i % 4]] } };
  });
}
