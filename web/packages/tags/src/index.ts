export type { CanvasSide, TagDef, TagView, TagViewProps, ToolDef } from "./define";
export { defineTag } from "./define";
export { allShapes, loadViews, registerTag, tagFor, viewFor } from "./registry";
export { useAnswer, useDoc, useLatest, useRegion, useRegionMarks, useSession, useShape } from "./hooks";
export { palette } from "./labels";
