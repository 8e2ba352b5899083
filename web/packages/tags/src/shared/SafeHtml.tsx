import { useEffect, useState } from "react";

type Sanitize = (html: string) => string;
let sanitizer: Promise<Sanitize> | null = null;

/** DOMPurify, loaded with the first HTML there is to show. */
function loadSanitizer(): Promise<Sanitize> {
  sanitizer ??= import("dompurify").then(({ default: purify }) => (html) => purify.sanitize(html, { USE_PROFILES: { html: true }, FORBID_TAGS: ["style", "form", "iframe"], FORBID_ATTR: ["id", "name"] }));
  return sanitizer;
}

/** HTML of a config or a task, sanitised; `fallback` is shown until the sanitiser is there. */
export function SafeHtml({ html, fallback }: { html: string; fallback: string }) {
  const [safe, setSafe] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    loadSanitizer().then((sanitize) => isCurrent && setSafe(sanitize(html)), () => undefined);
    return () => {
      isCurrent = false;
    };
  }, [html]);
  return safe === null ? <span>{fallback}</span> : <span dangerouslySetInnerHTML={{ __html: safe }} />;
}
