/**
 * The look of Labelwright. The app imports `base.css` once (it brings tokens.css and the fonts); everything else uses the
 * components below and the custom properties of tokens.css. Icons come from lucide-react, one import each.
 */
export { Avatar, personInitials, personName, type Person } from "./Avatar";
export { Button, IconButton, buttonClass, type ButtonVariant } from "./Button";
export { Chip, type ChipTone } from "./Chip";
export { cx } from "./cx";
export { Dialog } from "./Dialog";
export { DropZone, PageDrop } from "./DropZone";
export { Select, TextArea, TextField, type Option } from "./Field";
export { KeyCap, keyNames } from "./KeyCap";
export { Menu, type MenuItem } from "./Menu";
export { labelPalette, paletteColor } from "./palette";
export { Popover, type TriggerProps } from "./Popover";
export { ProgressBar, Skeleton } from "./Progress";
export { Spinner } from "./Spinner";
export { Banner, EmptyState, ErrorState } from "./States";
export { Tabs } from "./Tabs";
export { toast, Toasts, type ToastMessage } from "./Toast";
export { Checkbox, RadioGroup, Switch } from "./Toggle";
export { TooltipLayer } from "./Tooltip";
