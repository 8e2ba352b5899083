"""The API's description as a page: plain HTML with its own style, no scripts, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any

STYLE = """
:root{--bg:#fbfbfa;--surface:#fff;--sunken:#f4f5f7;--text:#171a21;--muted:#5b6472;--border:#e2e5ea;--link:#0f6e6a;--get:#1a7f4b;
--post:#8a5300;--change:#2563eb;--delete:#b42318;color-scheme:light}
@media(prefers-color-scheme:dark){:root{--bg:#0f1216;--surface:#14171c;--sunken:#0b0d10;--text:#e8eaee;--muted:#9aa4b2;
--border:#2a303a;--link:#4fd1c5;--get:#5fd39a;--post:#f0b866;--change:#8ab4ff;--delete:#ff8a80;color-scheme:dark}}
*{box-sizing:border-box}
html{scroll-padding-top:16px}
body{margin:0;background:var(--bg);color:var(--text);
font:14px/1.5 "Inter Variable",system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,pre,.path{font-family:"JetBrains Mono Variable",ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:12.5px}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--change);outline-offset:2px;border-radius:4px}
.frame{display:grid;grid-template-columns:220px minmax(0,1fr);max-width:1180px;margin:0 auto}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:32px 8px 32px 24px}
nav a{display:block;padding:3px 8px;color:var(--muted);text-decoration:none;border-radius:6px}
nav a:hover{background:var(--sunken);color:var(--text)}
main{padding:32px 24px 96px;min-width:0}
h1{font-size:26px;line-height:1.2;margin:0 0 8px}
h2{font-size:20px;margin:48px 0 2px}
h3{font-size:13px;color:var(--muted);font-weight:600;margin:16px 0 6px}
p{margin:0 0 12px;max-width:72ch}
.about{color:var(--muted)}
details{background:var(--surface);border:1px solid var(--border);border-radius:10px;margin:8px 0}
details[open]{box-shadow:0 2px 6px #0001}
summary{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline;padding:9px 14px;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary:hover{background:var(--sunken);border-radius:10px}
.method{font:600 11.5px/1.5 ui-monospace,monospace;width:52px;flex:none}
.GET{color:var(--get)}.POST{color:var(--post)}.PUT,.PATCH{color:var(--change)}.DELETE{color:var(--delete)}
.path{overflow-wrap:anywhere}
.what{color:var(--muted);flex:1 1 300px}
.inside{padding:4px 14px 14px;border-top:1px solid var(--border)}
.open{font-size:12px;color:var(--muted);border:1px solid var(--border);border-radius:4px;padding:0 6px}
table{border-collapse:collapse;width:100%}
td{padding:4px 12px 4px 0;vertical-align:top;border-bottom:1px solid var(--border)}
td:first-child{white-space:nowrap}
tr:last-child td{border-bottom:0}
pre{background:var(--sunken);border-radius:6px;padding:10px 12px;margin:0;overflow:auto;line-height:1.55}
.body pre{max-height:320px}
[id^=shape-]{scroll-margin-top:56px}
@media(max-width:760px){.frame{display:block}nav{position:static;max-height:none;display:flex;flex-wrap:wrap;padding:16px 12px 0}
main{padding:16px 16px 64px}.what{flex-basis:100%}h2{margin-top:32px}}
"""
CSP = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
METHODS = ("get", "post", "put", "patch", "delete")
CODE = re.compile(r"`([^`]+)`")
REFERENCE = "#/components/schemas/"

Document = dict[str, Any]


def render_page(document: Document) -> str:
    """The whole page for an OpenAPI document of ours."""
    return "".join(_parts(document))


def _parts(document: Document) -> Iterator[str]:
    info, tags, shapes = document["info"], document["tags"], document["components"]["schemas"]
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(info['title'])}</title><style>{STYLE}</style></head><body>"
        '<div class="frame"><nav aria-label="Sections">'
    )
    for tag in tags:
        yield f'<a href="#{tag["name"]}">{_title(tag["name"])}</a>'
    yield '<a href="#shapes">Shapes</a></nav><main>'
    yield f"<h1>{html.escape(info['title'])}</h1><p>{_text(info['description'])}</p>"
    links = '<a href="?format=json">OpenAPI 3.1 document</a> · <a href="/">Back to the app</a>'
    yield f"<p>Version {html.escape(info['version'])} · {links}</p>"
    yield from _sign_in(document["components"]["securitySchemes"])
    for tag in tags:
        yield f'<section><h2 id="{tag["name"]}">{_title(tag["name"])}</h2><p class="about">{_text(tag["description"])}</p>'
        for path, operations in document["paths"].items():
            for method in METHODS:
                if method in operations and operations[method]["tags"] == [tag["name"]]:
                    yield from _operation(method.upper(), path, operations[method], shapes)
        yield "</section>"
    yield '<section><h2 id="shapes">Shapes</h2><p class="about">The JSON objects that bodies and answers are made of.</p>'
    for name, schema in sorted(shapes.items()):
        about = _text(schema.get("description", ""))
        yield f'<details><summary><span class="path">{name}</span><span class="what">{about}</span></summary>'
        yield f'<div class="inside" id="shape-{name}">{_shape(schema)}</div></details>'
    yield "</section></main></div></body></html>"


def _sign_in(schemes: Document) -> Iterator[str]:
    yield '<section><h2 id="sign-in">Sign in</h2><table>'
    for name, scheme in schemes.items():
        yield f"<tr><td><code>{html.escape(name)}</code></td><td>{_text(scheme['description'])}</td></tr>"
    yield "</table><h3>For example</h3><pre>curl -H 'Authorization: Token …' http://localhost:8080/api/projects</pre></section>"


def _operation(method: str, path: str, operation: Document, shapes: Document) -> Iterator[str]:
    yield f'<details id="{operation["operationId"]}"><summary><span class="method {method}">{method}</span>'
    yield f'<span class="path">{html.escape(path)}</span><span class="what">{_text(operation["summary"])}</span></summary>'
    yield '<div class="inside">'
    if operation.get("security") == []:
        yield '<p><span class="open">open to everybody</span></p>'
    if "description" in operation:
        yield f"<p>{_text(operation['description'])}</p>"
    if operation["parameters"]:
        yield "<h3>Parameters</h3><table>"
        for one in operation["parameters"]:
            about = one.get("description") or f"in the path: {one['schema']['type']}"
            yield f"<tr><td><code>{html.escape(one['name'])}</code></td><td>{_text(about)}</td></tr>"
        yield "</table>"
    if "requestBody" in operation:
        yield f"<h3>Body</h3>{_content(operation['requestBody']['content'], shapes)}"
    for status, answer in operation["responses"].items():
        if status != "4XX":
            body = _content(answer["content"], shapes) if "content" in answer else f"<p>{_text(answer['description'])}</p>"
            yield f"<h3>Answer {status}</h3>{body}"
    yield "</div></details>"


# ---------------------------------------------------------------- shapes
def _content(content: Document, shapes: Document) -> str:
    """What a body or answer looks like, with the fields of the shape it is made of."""
    ((media_type, described),) = content.items()
    schema = described.get("schema")
    if not schema:
        return f"<p>{'JSON' if media_type == 'application/json' else 'A page or a file'}</p>"
    reference = schema.get("$ref") or (schema.get("items") or {}).get("$ref")
    fields = f'<div class="body">{_shape(shapes[reference.removeprefix(REFERENCE)])}</div>' if reference else ""
    return f"<p><code>{_type(schema)}</code></p>{fields}"


def _shape(schema: Document) -> str:
    needed = set(schema.get("required", ()))
    fields = schema.get("properties", {}).items()
    rows = [f'  "{html.escape(name)}"{"" if name in needed else "?"}: {_type(kind)}' for name, kind in fields]
    return '<pre tabindex="0">{\n' + ",\n".join(rows) + "\n}</pre>"


def _type(schema: Document) -> str:
    """A schema in a few words, with links to the shapes it names."""
    if "$ref" in schema:
        name = html.escape(schema["$ref"].removeprefix(REFERENCE))
        return f'<a href="#shape-{name}">{name}</a>'
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(html.escape(repr(one).replace("'", '"')) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items') or {})}, …]"
    if schema.get("type") == "object":
        more = schema.get("additionalProperties")
        return f"{{name: {_type(more)}, …}}" if isinstance(more, dict) and more else "object"
    return html.escape(str(schema.get("type", "any")))


# ---------------------------------------------------------------- words
def _title(tag: str) -> str:
    return "OpenAPI" if tag == "openapi" else html.escape(tag.replace("_", " ").capitalize())


def _text(text: str) -> str:
    """Escaped, with `code` as code."""
    return CODE.sub(r"<code>\1</code>", html.escape(text))
