export type { CanvasSide, TagDef, TagView, TagViewProps, ToolDef } from "./define";
export { defineTag } from "./define";
export { allTags, loadViews, registerTag, tagFor, viewFor } from "./registry";
export { useAnswer, useDoc, useLatest, useRegion, useRegionMarks, useSession, useShape } from "./hooks";
export { palette } from "./labels";
export { ScopeContext } from "./shared/scope";
export { useCommandKey, useOptionKey } from "./shared/commands";
export { readStyle } from "./shared/css";
export { relationLabels, type RelationLabels } from "./relations";
