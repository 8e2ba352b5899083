import { createContext } from "react";

/** Value of `data-scope` on the editor's root: to what a Style tag is confined. */
export const ScopeContext = createContext("none");
