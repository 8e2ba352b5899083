import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { bootQuery, columnsQuery, usersQuery } from "../api/queries";
import { parseFilter, splitTerms, taskQuery } from "./filter";

/** The filter text and the sort of the address as a query; null while the columns or people it names are on their way. */
export function useTaskView(projectId: number, text: string, sort: string | undefined) {
  const columns = useQuery(columnsQuery(projectId));
  const users = useQuery(usersQuery);
  const me = useQuery(bootQuery).data?.user?.id ?? 0;
  const named = splitTerms(text).filter((term) => term.key !== "");
  const isWaiting = (columns.isPending && named.some((term) => !["state", "label", "by", "id"].includes(term.key))) || (users.isPending && named.some((term) => term.key === "by"));
  const view = useMemo(() => {
    const parsed = parseFilter(text, { columns: columns.data ?? [], users: users.data ?? [], me });
    return { query: taskQuery(parsed.items, sort), problems: parsed.problems };
  }, [text, sort, columns.data, users.data, me]);
  return { ...view, isWaiting, columns, users };
}
