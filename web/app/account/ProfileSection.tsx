import { Avatar, Banner, Button, Chip, personName, Skeleton, TextField, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ApiError, errorText } from "../api/client";
import type { User } from "../api/models";
import { bootQuery, invalidate, meQuery, sessionsQuery } from "../api/queries";
import { timeAgo } from "../format";
import { Failed, Page, Section } from "../shell/Page";
import { SaveBar } from "../shell/SaveBar";
import { useDraft } from "../shell/useDraft";
import styles from "./Account.module.css";
import { browserName } from "./browserName";

export function ProfileSection() {
  const me = useQuery(meQuery);
  if (me.isError) return <Failed error={me.error} what="Your account" onRetry={() => void me.refetch()} />;
  return (
    <Page title="Profile">
      {me.data ? <ProfileForm user={me.data} /> : <Skeleton height={260} />}
      <PasswordForm />
      <Sessions />
    </Page>
  );
}

function ProfileForm({ user }: { user: User }) {
  const draft = useDraft<Pick<User, "first_name" | "last_name" | "phone">>(user);
  const { value, set } = draft;
  const save = useMutation({
    mutationFn: () => api.patch<User>(`/api/users/${user.id}`, draft.changed),
    onSuccess: async () => {
      await invalidate(["me"], bootQuery.queryKey, ["users"], ["members"]);
      draft.reset();
      toast({ message: "Saved.", tone: "ok" });
    },
  });
  const error = save.error instanceof ApiError ? save.error : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Section footer={<SaveBar isDirty={draft.isDirty} busy={save.isPending} onReset={draft.reset} />}>
        <div className={styles.who}>
          <Avatar person={{ ...user, ...value }} size={48} />
          <div>
            <strong>{personName({ ...user, ...value })}</strong>
            <span className={styles.muted}>{user.email}</span>
          </div>
        </div>
        <div className={styles.pair}>
          <TextField label="First name" autoComplete="given-name" maxLength={256} value={value.first_name} error={error?.field("first_name") ?? null} onChange={(event) => set("first_name", event.target.value)} />
          <TextField label="Last name" autoComplete="family-name" maxLength={256} value={value.last_name} error={error?.field("last_name") ?? null} onChange={(event) => set("last_name", event.target.value)} />
        </div>
        <TextField label="Phone" type="tel" autoComplete="tel" maxLength={256} value={value.phone ?? ""} error={error?.field("phone") ?? null} onChange={(event) => set("phone", event.target.value)} />
        {save.isError && <Banner tone="danger">{errorText(save.error)}</Banner>}
      </Section>
    </form>
  );
}

function PasswordForm() {
  const [key, setKey] = useState(0);
  const change = useMutation({
    mutationFn: (fields: Record<string, string>) => api.post<null>("/api/labelwright/password", fields),
    onSuccess: async () => {
      setKey((now) => now + 1);
      toast({ message: "Password changed. Your other sessions were logged out.", tone: "ok" });
      await invalidate(["sessions"]);
    },
  });
  const error = change.error instanceof ApiError ? change.error : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])));
  };
  return (
    <form key={key} onSubmit={submit}>
      <Section
        title="Password"
        footer={
          <Button type="submit" busy={change.isPending}>
            Change password
          </Button>
        }
      >
        <div className={styles.pair}>
          <TextField label="Current password" name="current_password" type="password" autoComplete="current-password" required error={error?.field("current_password") ?? null} />
          <TextField label="New password" name="new_password" type="password" autoComplete="new-password" required minLength={8} maxLength={128} description="At least 8 characters." error={error?.field("new_password") ?? null} />
        </div>
        {error && Object.keys(error.fields).length === 0 && <Banner tone="danger">{errorText(error)}</Banner>}
      </Section>
    </form>
  );
}

const MOST_SESSIONS = 5;

function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) => api.delete(`/api/labelwright/sessions/${id}`),
    onSuccess: () => invalidate(["sessions"]),
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const [all, setAll] = useState(false);
  if (!sessions.data || sessions.data.length === 0) return null;
  const shown = [...sessions.data].sort((a, b) => Number(b.is_current) - Number(a.is_current)).slice(0, all ? undefined : MOST_SESSIONS);
  const more = sessions.data.length - shown.length;
  return (
    <Section title="Where you are logged in" footer={more > 0 && <Button onClick={() => setAll(true)}>Show {more} more</Button>}>
      <ul className={styles.list}>
        {shown.map((session) => (
          <li key={session.id} className={styles.line}>
            <div>
              <strong>{browserName(session.user_agent)}</strong>
              <span className={styles.muted}>active {timeAgo(session.last_seen_at)}</span>
            </div>
            {session.is_current ? (
              <Chip tone="accent">This browser</Chip>
            ) : (
              <Button size="small" onClick={() => end.mutate(session.id)}>
                Log out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
