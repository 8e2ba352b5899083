/** Which tasks are ticked: some by id, or all that the filter finds except some. */
export interface Selection {
  readonly all: boolean;
  /** Ticked ids; with `all`, the ones left out. */
  readonly ids: ReadonlySet<number>;
}

export const nothingSelected: Selection = { all: false, ids: new Set() };
export const allSelected: Selection = { all: true, ids: new Set() };

export function isSelected({ all, ids }: Selection, id: number): boolean {
  return ids.has(id) !== all;
}

export function countSelected({ all, ids }: Selection, total: number): number {
  return all ? total - ids.size : ids.size;
}

/** With these tasks ticked (or not). */
export function selectTasks({ all, ids }: Selection, changed: readonly number[], on: boolean): Selection {
  const next = new Set(ids);
  for (const id of changed) {
    if (on === all) next.delete(id);
    else next.add(id);
  }
  return { all, ids: next };
}

/** `selectedItems` of the data manager. */
export function selectedItems({ all, ids }: Selection): { all: true; excluded: number[] } | { all: false; included: number[] } {
  return all ? { all, excluded: [...ids] } : { all, included: [...ids] };
}
