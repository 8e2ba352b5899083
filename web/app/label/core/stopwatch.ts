/** Seconds a task was in front of somebody: stands still while the tab is hidden. */
export class Stopwatch {
  private ms = 0;
  private since: number | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  restart(): void {
    this.ms = 0;
    this.since = this.now();
  }

  pause(): void {
    if (this.since === null) return;
    this.ms += this.now() - this.since;
    this.since = null;
  }

  resume(): void {
    this.since ??= this.now();
  }

  get seconds(): number {
    return Math.round(this.ms + (this.since === null ? 0 : this.now() - this.since)) / 1000;
  }
}
