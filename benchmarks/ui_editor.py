"""How fast the canvas and the text of the editor are, without a server around them.

Builds the demo page of web/packages/canvas (the whole LabelEditor; with --bare the tags alone), opens it in the system's
Chromium and measures with real input:

    python benchmarks/ui_editor.py [--boxes 500,5000,10000] [--spans 2000,15000] [--repeat 3] [--bare]

Prints one JSON object. Times are milliseconds: `open` from navigation to all regions painted, `frame_*` the gaps between
animation frames during the gesture, `move` the wall time per pointer move. Needs playwright and web/node_modules.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

WEB = Path(__file__).resolve().parent.parent / "web"
CHROMIUM_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

CLOCK = """
window.__gaps = null;
(() => {
  let last = 0;
  const tick = (t) => {
    if (window.__gaps && last) window.__gaps.push(t - last);
    last = window.__gaps ? t : 0;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})();
window.__until = (test) => new Promise((done, failed) => {
  const late = performance.now() + 60000;
  const look = () => {
    if (test()) requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
    else if (performance.now() > late) failed(new Error('never came true: ' + test));
    else requestAnimationFrame(look);
  };
  look();
});
"""


def build(out: str) -> None:
    """Build the demo page into `out`."""
    command = ["npx", "vite", "build", "--config", "packages/canvas/demo/vite.config.ts", "--logLevel", "error"]
    subprocess.run(command, cwd=WEB, check=True, env={**os.environ, "DEMO_OUT": out})


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(folder: str) -> tuple[http.server.ThreadingHTTPServer, str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def percentile(xs: list[float], p: float) -> float:
    """The p-th percentile (nearest rank) of a non-empty list."""
    ranked = sorted(xs)
    return ranked[min(len(ranked) - 1, int(len(ranked) * p / 100))]


def frames(page: Page, gesture: Callable[[], int]) -> dict[str, float]:
    """Frame gaps and wall time per move while `gesture` (which gives its number of moves) runs."""
    page.evaluate("window.__gaps = []")
    began = time.perf_counter()
    moves = gesture()
    wall_ms = (time.perf_counter() - began) * 1e3
    gaps = page.evaluate("(() => { const g = window.__gaps; window.__gaps = null; return g; })()")
    return {
        "fps": round(1000 * len(gaps) / sum(gaps), 1),
        "frame_p95": round(percentile(gaps, 95), 1),
        "frame_max": round(max(gaps), 1),
        "move": round(wall_ms / moves, 1),
    }


def open_page(browser: Browser, url: str, ready: str) -> tuple[Page, float]:
    """A page at `url`, and the milliseconds from navigation until `ready` held and was painted."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(CLOCK)
    page.goto(url, wait_until="commit")
    return page, page.evaluate(f"window.__until(() => {ready})")


def boxes(browser: Browser, base: str, n: int, repeat: int) -> dict[str, Any]:
    opens = []
    url = f"{base}&boxes={n}"
    ready = f"document.querySelector('[data-region-count]')?.dataset.regionCount === '{n}'"
    for _ in range(repeat):
        page, ms = open_page(browser, url, ready)
        opens.append(ms)
        if len(opens) < repeat:
            page.context.close()
    result: dict[str, Any] = {"open": round(statistics.median(opens))}
    area = page.evaluate(
        "(() => { const e = document.querySelector('[data-view]'), r = e.getBoundingClientRect();"
        " const [x, y, w, h] = e.dataset.view.split(' ').map(Number); return { x: r.x + x, y: r.y + y, w, h }; })()"
    )
    side = max(25, int(-(-(n**0.5) // 1)))
    step = 100 / side
    column, row = side // 2, (n // side) // 2
    x = area["x"] + area["w"] * (column * step + step * 0.475) / 100
    y = area["y"] + area["h"] * (row * step + step * 0.475) / 100
    began = time.perf_counter()
    page.mouse.click(x, y)
    page.evaluate("window.__until(() => labelwright.editor.session.selection.size === 1)")
    result["select"] = round((time.perf_counter() - began) * 1e3)
    page.wait_for_timeout(500)
    page.mouse.move(x, y)
    page.mouse.down()

    def drag() -> int:
        for i in range(150):
            page.mouse.move(x + i, y + (i % 30) * 2)
        return 150

    result["drag"] = frames(page, drag)
    page.mouse.up()
    page.wait_for_timeout(300)
    page.mouse.move(area["x"] + area["w"] / 2, area["y"] + area["h"] / 2)

    def zoom() -> int:
        for i in range(30):
            page.mouse.wheel(0, -60 if i < 15 else 60)
            page.evaluate("new Promise(r => requestAnimationFrame(r))")
        return 30

    result["zoom"] = frames(page, zoom)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.mouse.move(area["x"] + 20, area["y"] + area["h"] - 60)
    page.mouse.down()

    def draw() -> int:
        for i in range(60):
            page.mouse.move(area["x"] + 20 + i * 3, area["y"] + area["h"] - 60 + i * 0.5)
        return 60

    result["draw"] = frames(page, draw)
    page.mouse.up()
    result["drawn"] = page.evaluate("labelwright.editor.doc.regions.size") == n + 1
    page.context.close()
    return result


WORD = r"""(used) => {
  const root = document.querySelector('[data-span-count]'), w = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const taken = new Map();
  for (const [, highlight] of CSS.highlights) for (const r of highlight) {
    if (!taken.has(r.startContainer)) taken.set(r.startContainer, []);
    taken.get(r.startContainer).push([r.startOffset, r.endContainer === r.startContainer ? r.endOffset : Infinity]);
  }
  let seen = 0;
  for (let n = w.nextNode(); n; n = w.nextNode()) {
    const re = / (\w{4,})(?= )/g;
    for (let m; (m = re.exec(n.data)) && seen < 4000; seen++) {
      const g = document.createRange();
      g.setStart(n, m.index + 1); g.setEnd(n, m.index + 1 + m[1].length);
      const b = g.getClientRects();
      if (b.length !== 1 || b[0].top < 120 || b[0].bottom > 800) continue;
      const key = Math.round(b[0].top) + ':' + Math.round(b[0].left);
      const overlaps = ([from, to]) => from < m.index + 1 + m[1].length && to > m.index + 1;
      if (used.includes(key) || (taken.get(n) ?? []).some(overlaps)) continue;
      return { key, x0: b[0].left, y: (b[0].top + b[0].bottom) / 2, x1: b[0].right };
    }
  }
}"""


UP = """() => document.addEventListener(
  'pointerup', () => { window.__up = performance.now(); }, { capture: true, once: true })"""


def spans(browser: Browser, base: str, n: int, repeat: int) -> dict[str, Any]:
    url = f"{base}&spans={n}&chars={max(200_000, n * 14)}"
    ready = f"document.querySelector('[data-span-count]')?.dataset.spanCount === '{n}'"
    opens = []
    for _ in range(repeat):
        page, ms = open_page(browser, url, ready)
        opens.append(ms)
        if len(opens) < repeat:
            page.context.close()
    result: dict[str, Any] = {"open": round(statistics.median(opens))}
    adds, used = [], []
    count = "Number(document.querySelector('[data-span-count]').dataset.spanCount)"
    for i in range(5):
        page.keyboard.press("Escape")
        if i == 0:
            page.keyboard.press("2")
        page.wait_for_timeout(300)
        word = page.evaluate(WORD, used)
        used.append(word["key"])
        page.evaluate(f"() => {{ window.__added = window.__until(() => {count} > {n + i}); }}")
        page.mouse.move(word["x0"] + 1, word["y"])
        page.mouse.down()
        page.mouse.move((word["x0"] + word["x1"]) / 2, word["y"])
        page.mouse.move(word["x1"] - 1, word["y"])
        page.evaluate(UP)
        page.mouse.up()
        adds.append(page.evaluate("window.__added") - page.evaluate("window.__up"))
    result["add_median"], result["add_max"] = round(statistics.median(adds)), round(max(adds))

    def scroll() -> int:
        for _ in range(40):
            page.mouse.wheel(0, 400)
            page.evaluate("new Promise(r => requestAnimationFrame(r))")
        return 40

    result["scroll"] = frames(page, scroll)
    page.context.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boxes", default="500,5000,10000")
    parser.add_argument("--spans", default="2000,15000")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(folder)
        server, base = serve(folder)
        browser = playwright.chromium.launch(executable_path=args.chromium, args=CHROMIUM_ARGS)
        result: dict[str, Any] = {"load": round(os.getloadavg()[0], 2)}
        for name, run, sizes in (("boxes", boxes, args.boxes), ("spans", spans, args.spans)):
            for n in [int(size) for size in sizes.split(",") if size]:
                result[f"{name}_{n}"] = run(browser, f"{base}/?{'bare' if args.bare else 'full'}", n, args.repeat)
                print(name, n, json.dumps(result[f"{name}_{n}"]), file=sys.stderr)
        browser.close()
        server.shutdown()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
