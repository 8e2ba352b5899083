/** The data of a new project before it is sent: files read for the preview, in the order they came. */
import type { ColumnKind } from "./columns";
import { guessFormat, readRows, tableFormat, type ReadRows, type RowProblem, type TableFormat } from "./rows";

export type MediaKind = Extract<ColumnKind, "image" | "audio" | "video" | "pdf" | "html">;

export interface Source extends ReadRows {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** What is uploaded: one table, or many media files that each become a task. */
  readonly files: readonly File[];
  readonly format: TableFormat | MediaKind;
}

const READ_WHOLE_BYTES = 16_000_000;
const READ_HEAD_BYTES = 2_000_000;

const mediaExtensions: readonly [MediaKind, RegExp][] = [
  ["image", /\.(png|jpe?g|gif|webp|bmp|svg)$/i],
  ["audio", /\.(mp3|wav|ogg|flac|m4a)$/i],
  ["video", /\.(mp4|webm)$/i],
  ["pdf", /\.pdf$/i],
  ["html", /\.(html?|xml)$/i],
];

/** `accept` of a file input. */
export const acceptedFiles = ".json,.jsonl,.ndjson,.csv,.tsv,.txt,.html,.htm,.xml,.pdf,image/*,audio/*,video/mp4,video/webm";

function mediaKind(name: string): MediaKind | null {
  return mediaExtensions.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

let lastId = 0;
const newId = () => `source-${++lastId}`;

/** Reads files as sources: each table on its own, media together by kind. What cannot be used comes back as problems. */
export async function readSources(files: readonly File[]): Promise<{ sources: Source[]; refused: RowProblem[] }> {
  const sources: Source[] = [];
  const refused: RowProblem[] = [];
  const media = new Map<MediaKind, File[]>();
  for (const file of files) {
    const table = tableFormat(file.name);
    const kind = mediaKind(file.name);
    if (table) sources.push(await readTableFile(file, table));
    else if (kind) media.set(kind, [...(media.get(kind) ?? []), file]);
    else refused.push({ row: null, message: `${file.name} cannot be imported. Use JSON, JSONL, CSV, TSV, TXT, images, audio, video, PDF or HTML.` });
  }
  for (const [kind, group] of media) sources.push(mediaSource(kind, group));
  return { sources, refused };
}

async function readTableFile(file: File, format: TableFormat): Promise<Source> {
  const whole = file.size <= READ_WHOLE_BYTES;
  const text = await (whole ? file : file.slice(0, READ_HEAD_BYTES)).text();
  return { id: newId(), name: file.name, bytes: file.size, files: [file], format, ...readRows(text, format, whole) };
}

const MOST_SHOWN = 50;

function mediaSource(kind: MediaKind, files: readonly File[]): Source {
  const [first] = files;
  const words = kind === "pdf" || kind === "html" ? `${kind.toUpperCase()} files` : `${kind} files`;
  return {
    id: newId(),
    name: files.length === 1 && first ? first.name : `${files.length} ${words}`,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    files,
    format: kind,
    // The extension in the fragment tells what it is, as in a real address.
    rows: files.slice(0, MOST_SHOWN).map((file) => ({ [kind]: `${URL.createObjectURL(file)}#${encodeURIComponent(file.name)}` })),
    total: files.length,
    problems: [],
    results: [],
  };
}

/** Pasted text as a file of the format it looks like. */
export function pastedFile(text: string): File {
  return new File([text], `pasted.${guessFormat(text)}`, { type: "text/plain" });
}

const sampleReviews = [
  "The parcel came two days early and everything was well packed. Thank you!",
  "I have been waiting for three weeks and nobody answers my mails.",
  "Is there a way to change the delivery address after I have ordered?",
  "The blue one is out of stock, so you sent me a green one without asking. I want my money back.",
  "Friendly support, quick answer, problem solved in five minutes.",
  "The screen has a scratch in the upper left corner, apart from that it works as described.",
  "How do I reset my password? The link in the mail has expired.",
  "Best purchase of the year. My whole team uses it now.",
];

export function sampleTexts(): File {
  return new File([JSON.stringify(sampleReviews.map((text) => ({ text })))], "sample reviews.json", { type: "application/json" });
}

/** A few pictures of coloured shapes, drawn here. */
export async function sampleImages(): Promise<File[]> {
  const files: File[] = [];
  for (let n = 0; n < 4; n++) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [960, 640];
    const context = canvas.getContext("2d");
    if (!context) return files;
    context.fillStyle = "#e7ecef";
    context.fillRect(0, 0, 960, 640);
    ["#2563eb", "#d97706", "#059669", "#db2777"].forEach((color, index) => {
      const [x, y] = [90 + ((index * 227 + n * 131) % 760), 80 + ((index * 149 + n * 197) % 460)];
      context.fillStyle = color;
      context.beginPath();
      if ((index + n) % 2) context.rect(x, y, 130, 90);
      else context.arc(x + 50, y + 50, 52, 0, 2 * Math.PI);
      context.fill();
    });
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (blob) files.push(new File([blob], `shapes ${n + 1}.png`, { type: "image/png" }));
  }
  return files;
}
