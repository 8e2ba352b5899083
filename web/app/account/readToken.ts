/** What can be said of a listed personal token (`header.payload`, without its signature): a short name and when it was made. */
export function readToken(token: string): { name: string; made: string } {
  try {
    const payload = JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))) as { jti?: string; iat?: number };
    const made = payload.iat ? `made ${new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(payload.iat * 1000)}` : "";
    return { name: `…${(payload.jti ?? "").slice(-8)}`, made };
  } catch {
    return { name: `${token.slice(0, 12)}…`, made: "" };
  }
}
