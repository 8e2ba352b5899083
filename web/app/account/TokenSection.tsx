import { Banner, Button, Dialog, Skeleton, Tabs, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { api, errorText } from "../api/client";
import { invalidate, legacyTokenQuery, personalTokensQuery, queryClient, tokenPolicyQuery } from "../api/queries";
import { CopyField } from "../shell/CopyField";
import { Page, Section } from "../shell/Page";
import styles from "./Account.module.css";
import { readToken } from "./readToken";
import { snippets } from "./snippets";

export function TokenSection() {
  const policy = useQuery(tokenPolicyQuery);
  return (
    <Page title="API tokens" intro="For scripts and the SDK. A token acts as you: keep it as secret as your password.">
      {policy.data?.api_tokens_enabled !== false && <PersonalTokens />}
      {policy.data?.legacy_api_tokens_enabled !== false && <LegacyToken />}
      <Snippets />
    </Page>
  );
}

function PersonalTokens() {
  const tokens = useQuery(personalTokensQuery);
  const [made, setMade] = useState<string | null>(null);
  const create = useMutation({
    mutationFn: () => api.post<{ token: string }>("/api/token"),
    onSuccess: async ({ token }) => {
      setMade(token);
      await invalidate(["personal-tokens"]);
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const revoke = useMutation({
    mutationFn: (token: string) => api.post<null>("/api/token/blacklist", { refresh: token }),
    onSuccess: async () => {
      setMade(null);
      await invalidate(["personal-tokens"]);
      toast({ message: "Revoked.", tone: "ok" });
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const list = tokens.data ?? [];
  return (
    <Section
      title="Personal access token"
      intro="For the newer SDK. Revoke it at any time."
      footer={
        <Button icon={<Plus />} variant="primary" busy={create.isPending} disabled={list.length > 0} onClick={() => create.mutate()}>
          Create token
        </Button>
      }
    >
      {made && (
        <>
          <Banner tone="info">Copy the token now: it is shown only this once.</Banner>
          <CopyField label="Your new token" value={made} />
        </>
      )}
      {tokens.isPending && <Skeleton height={40} />}
      {tokens.isError && <Banner tone="danger">{errorText(tokens.error)}</Banner>}
      {tokens.data && list.length === 0 && <p className={styles.muted}>You have none.</p>}
      <ul className={styles.list}>
        {list.map(({ token }) => (
          <li key={token} className={styles.line}>
            <div>
              <strong className={styles.token}>
                <KeyRound aria-hidden /> {readToken(token).name}
              </strong>
              <span className={styles.muted}>{readToken(token).made}</span>
            </div>
            <Button size="small" busy={revoke.isPending} onClick={() => revoke.mutate(token)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function LegacyToken() {
  const token = useQuery(legacyTokenQuery);
  const [asking, setAsking] = useState(false);
  const renew = useMutation({
    mutationFn: () => api.post<{ token: string }>("/api/current-user/reset-token"),
    onSuccess: (fresh) => {
      queryClient.setQueryData(legacyTokenQuery.queryKey, fresh.token);
      setAsking(false);
      toast({ message: "The old token no longer works.", tone: "ok" });
    },
  });
  return (
    <Section title="Legacy token" intro="For older scripts: it never ends, until you make a new one.">
      {token.isPending && <Skeleton height={56} />}
      {token.isError && <Banner tone="warn">{errorText(token.error)}</Banner>}
      {token.data && (
        <CopyField label="Access token" value={token.data} secret>
          <Button onClick={() => setAsking(true)}>New token</Button>
        </CopyField>
      )}
      {asking && (
        <Dialog
          title="Make a new token?"
          size="small"
          onClose={() => setAsking(false)}
          onSubmit={() => renew.mutate()}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Keep</Button>
              <Button type="submit" variant="primary" busy={renew.isPending}>
                New token
              </Button>
            </>
          }
        >
          <p>Scripts that use the old one stop working at once.</p>
          {renew.isError && <Banner tone="danger">{errorText(renew.error)}</Banner>}
        </Dialog>
      )}
    </Section>
  );
}

function Snippets() {
  const [language, setLanguage] = useState<"python" | "curl">("python");
  const code = snippets(location.origin);
  const panel = (text: string) => () => (
    <pre className={styles.code} tabIndex={0} aria-label="Example">
      {text}
    </pre>
  );
  return (
    <Section title="How to use it">
      <Tabs
        label="Language"
        value={language}
        onChange={setLanguage}
        tabs={[
          { value: "python", label: "Python", panel: panel(code.python) },
          { value: "curl", label: "curl", panel: panel(code.curl) },
        ]}
      />
    </Section>
  );
}
