/** Repeatable numbers in [0, 1): mulberry32, one sequence per test file. */
let state = 42;

export function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

export const between = (min: number, max: number): number => min + random() * (max - min);
