import { EmptyState, ErrorState, Spinner } from "@labelwright/ui";
import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { errorText } from "../api/client";
import styles from "./Fallbacks.module.css";
import { useTitle } from "./title";

/** While the code or the data of a page is on its way. */
export function Pending() {
  return (
    <div className={styles.pending} role="status">
      <Spinner />
      <span className="visually-hidden">Loading</span>
    </div>
  );
}

export function Missing() {
  useTitle("Not found");
  return (
    <EmptyState icon={<Compass />} title="There is no page at this address" actions={<Link to="/projects">All projects</Link>}>
      Check the address, or start from the list of projects.
    </EmptyState>
  );
}

/** A page that threw: a lost connection while its code was loading, or a bug. */
export function Crashed({ error }: ErrorComponentProps) {
  return <ErrorState title="This page could not be shown" detail={errorText(error)} onRetry={() => location.reload()} />;
}
