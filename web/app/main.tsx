// eslint-disable-next-line no-restricted-imports -- a stylesheet has no index to come from
import "../packages/ui/src/base.css";
import { Toasts, TooltipLayer } from "@labelwright/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries";
import { preloadPage, router } from "./router";

preloadPage();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
      <TooltipLayer />
    </QueryClientProvider>
  </StrictMode>,
);
