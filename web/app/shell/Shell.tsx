import { Banner } from "@labelwright/ui";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useMatches, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { bootQuery } from "../api/queries";
import { resumeSending } from "../label/early";
import { startCommands, useCommands } from "./commands";
import styles from "./Shell.module.css";
import { TopBar } from "./TopBar";

const Switcher = lazy(() => import("./Switcher"));
const Help = lazy(() => import("./Help"));

/** The bar, the page, and the two dialogs that every page has. The labeling screen brings its own bar. */
export function Shell() {
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"switcher" | "help" | null>(null);
  const bare = useMatches().some((match) => match.staticData.bare || "task" in (match.search as object));
  useEffect(startCommands, []);
  useEffect(resumeSending, []);
  const go = (to: string) => void navigate({ to });
  if (bare) return <Outlet />;
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <ShellCommands onSwitch={() => setDialog("switcher")} onHelp={() => setDialog("help")} go={go} />
      <TopBar onSwitch={() => setDialog("switcher")} onHelp={() => setDialog("help")} go={go} />
      <UnsafeNotice />
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {dialog === "switcher" && <Switcher onClose={() => setDialog(null)} />}
        {dialog === "help" && <Help onClose={() => setDialog(null)} />}
      </Suspense>
    </div>
  );
}

/** Settings that weaken the server's promises are named where everybody sees them. */
function UnsafeNotice() {
  const unsafe = useQuery(bootQuery).data?.unsafe_options ?? [];
  return unsafe.length > 0 ? <Banner tone="warn">This server runs with unsafe settings: {unsafe.join(", ")}.</Banner> : null;
}

function ShellCommands({ onSwitch, onHelp, go }: { onSwitch: () => void; onHelp: () => void; go: (to: string) => void }) {
  useCommands([
    { title: "Go to a project", keys: "mod+k", group: "Everywhere", run: onSwitch },
    { title: "All projects", keys: "alt+p", group: "Everywhere", run: () => go("/projects") },
    { title: "Keyboard and help", keys: "?", group: "Everywhere", run: onHelp },
  ]);
  return null;
}
