/** Files dropped on the projects page, on their way to the page of a new project. */
let waiting: File[] = [];

export function leaveFiles(files: File[]): void {
  waiting = files;
}

/** The files left there, once. */
export function takeFiles(): File[] {
  const files = waiting;
  waiting = [];
  return files;
}
