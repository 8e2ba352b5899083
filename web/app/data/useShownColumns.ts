import { useMemo, useState } from "react";
import type { TableColumn } from "./tableColumns";

const keyOf = (projectId: number) => `labelwright.columns.${projectId}`;

function stored(projectId: number): readonly string[] | null {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(keyOf(projectId)) ?? "null");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : null;
  } catch {
    return null;
  }
}

/** Which columns are shown: the person's choice on this device, else each column's default. */
export function useShownColumns(projectId: number, columns: readonly TableColumn[]) {
  const [chosen, setChosen] = useState(() => stored(projectId));
  const shown = useMemo(() => new Set(chosen ?? columns.filter((column) => column.isShown).map((column) => column.id)), [chosen, columns]);
  const show = (ids: readonly string[] | null) => {
    setChosen(ids);
    if (ids) localStorage.setItem(keyOf(projectId), JSON.stringify(ids));
    else localStorage.removeItem(keyOf(projectId));
  };
  return [shown, show] as const;
}
