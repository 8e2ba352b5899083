import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import type { TaskPage } from "../api/models";
import type { TaskQuery } from "./filter";

export const PAGE_SIZE = 50;

/** What the table shows of a task; drafts and predictions stay on the server. */
const fields = [
  "id", "inner_id", "data", "annotations", "annotators", "is_labeled", "total_annotations", "cancelled_annotations", "total_predictions",
  "predictions_score", "predictions_model_versions", "avg_lead_time", "draft_exists", "file_upload", "created_at", "updated_at", "completed_at",
].join(",");

function params(query: TaskQuery): { query?: string } {
  return Object.keys(query).length > 0 ? { query: JSON.stringify(query) } : {};
}

/** One page of the table; pages count from 1. */
export function taskPageQuery(project: number, query: TaskQuery, page: number) {
  return queryOptions({
    queryKey: ["tasks", project, query, page],
    queryFn: ({ signal }) => api.get<TaskPage>("/api/tasks", { project, page, page_size: PAGE_SIZE, fields: "all", include: fields, ...params(query) }, signal),
    ...(page === 1 && { placeholderData: keepPreviousData }),
  });
}

/** The same list as the query string of `GET /api/tasks`, for the labeling screen to walk along. */
export function viewQueryString(project: number, query: TaskQuery): string {
  return new URLSearchParams({ project: String(project), ...params(query) }).toString();
}
