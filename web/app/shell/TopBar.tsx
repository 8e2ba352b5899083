import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Avatar, IconButton, Menu, personName, Skeleton, type MenuItem } from "@labelwright/ui";
import { BookOpen, Building2, ChevronsUpDown, CircleHelp, LogOut, UserRound } from "lucide-react";
import type { Project } from "../api/models";
import { bootQuery, projectQuery } from "../api/queries";
import { Logo } from "./Logo";
import { ThemeMenu } from "./ThemeMenu";
import styles from "./TopBar.module.css";

interface TopBarProps {
  onSwitch: () => void;
  onHelp: () => void;
  go: (to: string) => void;
}

export function TopBar({ onSwitch, onHelp, go }: TopBarProps) {
  const { projectId } = useParams({ strict: false });
  return (
    <header className={styles.bar}>
      <Link to="/projects" className={styles.logo} aria-label="Labelwright: all projects">
        <Logo size={22} />
        <span className={styles.name}>Labelwright</span>
      </Link>
      {projectId ? <ProjectCrumb id={Number(projectId)} onSwitch={onSwitch} /> : <Crumbs />}
      <div className={styles.spacer} />
      <div className={styles.tools}>
        <IconButton label="Keyboard and help" keys="?" onClick={onHelp} className={styles.help}>
          <CircleHelp />
        </IconButton>
        <ThemeMenu />
        <AccountMenu go={go} />
      </div>
    </header>
  );
}

function Crumbs() {
  return (
    <nav className={styles.tabs} aria-label="Main">
      <Link to="/projects" className={styles.tab} activeOptions={{ exact: false }}>
        Projects
      </Link>
    </nav>
  );
}

function ProjectCrumb({ id, onSwitch }: { id: number; onSwitch: () => void }) {
  const project = useQuery(projectQuery(id));
  const params = { projectId: id };
  if (project.isError) return <Crumbs />;
  return (
    <>
      <span className={styles.slash} aria-hidden>
        /
      </span>
      <button type="button" className={styles.crumb} onClick={onSwitch} aria-label={`${project.data?.title ?? "Project"}: go to another project`} data-tip="Go to another project" data-tip-keys="mod+k" aria-keyshortcuts="Control+K">
        {project.data ? <span className={styles.title}>{project.data.title}</span> : <Skeleton width={120} />}
        <ChevronsUpDown />
      </button>
      <nav className={styles.tabs} aria-label="Project">
        <Link to="/projects/$projectId/data" params={params} className={styles.tab}>
          Data
        </Link>
        <Link to="/projects/$projectId/label" params={params} className={styles.tab}>
          Label
        </Link>
        {project.data && hasSuggestions(project.data) && (
          <Link to="/projects/$projectId/skim" params={params} className={styles.tab} activeOptions={{ includeSearch: false }}>
            Skim
          </Link>
        )}
        <Link to="/projects/$projectId/settings" params={params} className={styles.tab} activeOptions={{ exact: false }}>
          Settings
        </Link>
      </nav>
    </>
  );
}

function hasSuggestions({ show_collab_predictions, total_predictions_number }: Project): boolean {
  return show_collab_predictions && (total_predictions_number ?? 0) > 0;
}

function AccountMenu({ go }: { go: (to: string) => void }) {
  const user = useQuery(bootQuery).data?.user;
  if (!user) return null;
  const items: MenuItem[] = [
    { id: "account", label: "Account", icon: <UserRound />, onSelect: () => go("/user/account/profile") },
    { id: "organization", label: "Organization", icon: <Building2 />, onSelect: () => go("/organization") },
    { id: "api", label: "API reference", icon: <BookOpen />, onSelect: () => location.assign("/docs/api") },
    { id: "logout", label: "Log out", icon: <LogOut />, separated: true, onSelect: () => location.assign("/logout") },
  ];
  return (
    <Menu
      label="Account"
      align="end"
      header={
        <div className={styles.who}>
          <strong>{personName(user)}</strong>
          <span>{user.email}</span>
        </div>
      }
      trigger={(props) => (
        <button type="button" {...props} className={styles.avatar} aria-label={`Account of ${personName(user)}`}>
          <Avatar person={user} size={26} />
        </button>
      )}
      items={items}
    />
  );
}
