"""Where things are on Labelwright's own pages, for the harness that measures the UI of both products.

The harness (`ui_run.py`) owns the clocks; this file says what to look at and where to click. Copy it beside the harness, or put
this folder on PYTHONPATH: `bench.py ui --product labelwright --url … --token …`.
"""

from __future__ import annotations

import json
from typing import Any

from ui_base import UIAdapter

VISIBLE = "(e => !!e && e.getClientRects().length > 0)"
CHOICES = "document.querySelectorAll('[data-control=sentiment] [role=radio]')"
TEXT = "document.querySelector('[data-testid=task-text]')"
SUBMIT = "document.querySelector('[data-testid=submit]')"
PICTURE = "document.querySelector('[data-region-count][data-view]')"


class Adapter(UIAdapter):
    name = "labelwright"

    def login(self, page: Any, email: str, password: str) -> None:
        page.goto(self.base + "/user/login/")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/projects**")

    def js_projects_ready(self) -> str:
        return f"{VISIBLE}([...document.querySelectorAll('[data-project-card] h2 a')].pop())"

    def js_data_manager_ready(self, some_text: str) -> str:
        # ten rows with their text cells shown
        rows = "document.querySelectorAll('[data-row]')"
        return f"(() => {{ const r = {rows}; return r.length >= 8 && r[7].innerText.length > 60; }})()"

    def url_label_stream(self, project: int) -> str:
        return f"{self.base}/projects/{project}/label"

    def js_task_ready(self, text: str | None) -> str:
        shows = f".innerText.startsWith({json.dumps(text)})" if text else ".innerText.length > 20"
        return (
            f"(() => {{ const t = {TEXT}, s = {SUBMIT}, c = {CHOICES};"
            f" return t && t{shows} && c.length === 3 && {VISIBLE}(c[2]) && {VISIBLE}(s) && s.ariaDisabled !== 'true'; }})()"
        )

    def js_current_text(self) -> str:
        return f"(({TEXT} || {{}}).innerText || '')"

    def pick_choice(self, page: Any, value: str) -> None:
        page.get_by_role("radio", name=value).click()

    def click_submit(self, page: Any) -> None:
        page.click("[data-testid=submit]")

    # image: drawn on canvases; the element around them says how many regions were in the last painted frame
    def js_boxes_ready(self, n: int) -> str:
        return f"(() => {{ const e = {PICTURE}; return {VISIBLE}(e) && e.dataset.regionCount === '{n}'; }})()"

    def image_rect(self, page: Any) -> dict[str, float]:
        rect: dict[str, float] = page.evaluate(
            f"(() => {{ const e = {PICTURE}, r = e.getBoundingClientRect();"
            " const [x, y, width, height] = e.dataset.view.split(' ').map(Number);"
            " return { x: r.x + x, y: r.y + y, width, height }; })()"
        )
        return rect

    # text: spans are painted with highlights, so the DOM does not hold them one by one
    def js_spans_ready(self, n: int) -> str:
        return f"(() => {{ const t = {TEXT}; return {VISIBLE}(t) && Number(t.dataset.spanCount) >= {n}; }})()"

    def js_span_count(self) -> str:
        return f"Number(({TEXT} || {{ dataset: {{}} }}).dataset.spanCount || 0)"

    def pick_span_label(self, page: Any, value: str) -> None:
        label = page.get_by_role("radio", name=value)
        if label.get_attribute("aria-checked") != "true":  # a label stays in hand; a second press would put it down
            label.click()

    def js_word_rect(self) -> str:
        return rf"""(() => {{
          const root = {TEXT};
          const spans = labelwright.editor.serialize().map((r) => r.value).sort((a, b) => a.start - b.start);
          const free = (from, to) => !spans.some((s) => s.start < to && s.end > from);
          const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          let at = 0;
          for (let n = walker.nextNode(); n; at += n.data.length, n = walker.nextNode()) {{
            if (n.parentElement.getBoundingClientRect().bottom < 140) continue;
            const words = / (\w{{5,}})(?= )/g;
            for (let m; (m = words.exec(n.data)); ) {{
              const from = m.index + 1, to = from + m[1].length;
              if (!free(at + from - 1, at + to + 1)) continue;
              const g = document.createRange(); g.setStart(n, from); g.setEnd(n, to);
              const b = g.getClientRects();
              if (b.length !== 1 || b[0].top < 140) continue;
              if (b[0].bottom > innerHeight - 120) return null;
              return {{ x0: b[0].left, y0: b[0].top, x1: b[0].right, y1: b[0].bottom }};
            }}
          }}
          return null; }})()"""
