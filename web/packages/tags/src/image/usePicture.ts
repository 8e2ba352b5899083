/** The picture of a page: loading, loaded, or the reason why not. Neighbours are fetched ahead. */
import { useEffect, useState } from "react";
import type { Picture } from "@labelwright/canvas";
import { loadPicture, type PictureProblem } from "./loadPicture";
import type { ImageOptions } from "./attributes";

export type PictureState =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly picture: Picture; readonly address: string }
  | { readonly kind: "failed"; readonly problem: PictureProblem };

export function usePicture(options: ImageOptions, page: number): { state: PictureState; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<PictureState>({ kind: "loading" });
  const address = options.pages[page] ?? "";
  const { crossOrigin, field } = options;

  useEffect(() => {
    const stop = new AbortController();
    setState({ kind: "loading" });
    void loadPicture(address, { crossOrigin, field, signal: stop.signal }).then((loaded) => {
      if (stop.signal.aborted) return;
      setState("picture" in loaded ? { kind: "ready", picture: loaded.picture, address } : { kind: "failed", problem: loaded.problem });
    });
    return () => stop.abort();
  }, [address, attempt, crossOrigin, field]);

  const { pages } = options;
  const ready = state.kind === "ready";
  useEffect(() => {
    if (!ready) return;
    for (const next of [pages[page + 1], pages[page - 1]]) if (next) new Image().src = next;
  }, [ready, pages, page]);

  return { state, retry: () => setAttempt((n) => n + 1) };
}
