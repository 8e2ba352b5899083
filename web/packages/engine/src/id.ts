const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** A new region or answer id: 10 characters of [A-Za-z0-9_-], as Label Studio's editor makes them. */
export function newId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(10))) id += alphabet[byte & 63];
  return id;
}
