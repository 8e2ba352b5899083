export type { CanvasSide, TagDef, TagView, TagViewProps, ToolDef } from "./define";
export { defineTag } from "./define";
export { allTags, loadViews, registerTag, tagFor, viewFor } from "./registry";
export { useAnswer, useDoc, useLatest, useRegion, useRegionMarks, useSession, useShape } from "./hooks";
export { palette } from "./labels";
