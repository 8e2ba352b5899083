import { Banner, Button, Dialog, personName, Skeleton, Switch, TextField, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, errorText } from "../api/client";
import type { Membership, Organization, TokenPolicy } from "../api/models";
import { bootQuery, invalidate, organizationQuery, queryClient, tokenPolicyQuery } from "../api/queries";
import { Failed, Page, Section } from "../shell/Page";
import { SaveBar } from "../shell/SaveBar";
import { useTitle } from "../shell/title";
import { useDraft } from "../shell/useDraft";
import { InviteLink } from "./InviteLink";
import { MemberList } from "./MemberList";

export function OrganizationPage() {
  useTitle("Organization");
  const id = useQuery(bootQuery).data?.user?.active_organization ?? 0;
  const organization = useQuery({ ...organizationQuery(id), enabled: id > 0 });
  const [leaving, setLeaving] = useState<Membership | null>(null);
  if (organization.isError) return <Failed error={organization.error} what="The organization" onRetry={() => void organization.refetch()} />;
  return (
    <Page title="Organization" intro="The people who share projects with each other.">
      {organization.data ? <TitleForm key={organization.data.title} organization={organization.data} /> : <Skeleton height={120} />}
      <Section title="Invite somebody">
        <InviteLink />
      </Section>
      {id > 0 && (
        <Section title="Members">
          <MemberList organization={id} onRemove={setLeaving} />
        </Section>
      )}
      <TokenRules />
      {leaving && <RemoveDialog organization={id} member={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

function TitleForm({ organization }: { organization: Organization }) {
  const draft = useDraft<Pick<Organization, "title">>(organization);
  const save = useMutation({
    mutationFn: () => api.patch<Organization>(`/api/organizations/${organization.id}`, draft.changed),
    onSuccess: async () => {
      draft.reset();
      await invalidate(["organization", organization.id]);
      toast({ message: "Saved.", tone: "ok" });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Section title="Name" footer={<SaveBar isDirty={draft.isDirty} busy={save.isPending} onReset={draft.reset} />}>
        <TextField label="Name of the organization" hideLabel required maxLength={1000} value={draft.value.title} error={save.isError ? errorText(save.error) : null} onChange={(event) => draft.set("title", event.target.value)} />
      </Section>
    </form>
  );
}

function TokenRules() {
  const policy = useQuery(tokenPolicyQuery);
  const change = useMutation({
    mutationFn: (patch: Partial<TokenPolicy>) => api.post<TokenPolicy>("/api/jwt/settings", { ...policy.data, ...patch }),
    onSuccess: (saved) => queryClient.setQueryData(tokenPolicyQuery.queryKey, saved),
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  if (!policy.data) return null;
  return (
    <Section title="API tokens" intro="Which kinds of tokens scripts may use here.">
      <Switch label="Personal access tokens" description="Each person makes and revokes their own." checked={policy.data.api_tokens_enabled} onChange={(on) => change.mutate({ api_tokens_enabled: on })} />
      <Switch
        label="Legacy tokens"
        description="One token for each account, without an end. Older scripts and the older SDK need them."
        checked={policy.data.legacy_api_tokens_enabled}
        onChange={(on) => change.mutate({ legacy_api_tokens_enabled: on })}
      />
    </Section>
  );
}

function RemoveDialog({ organization, member, onClose }: { organization: number; member: Membership; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => api.delete(`/api/organizations/${organization}/memberships/${member.user.id}`),
    onSuccess: async () => {
      await invalidate(["members", organization], ["users"]);
      toast({ message: `${personName(member.user)} is no longer a member.`, tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog
      title={`Remove ${personName(member.user)}?`}
      size="small"
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      footer={
        <>
          <Button onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button type="submit" variant="danger" busy={remove.isPending}>
            Remove
          </Button>
        </>
      }
    >
      <p>They can no longer open the organization's projects, in the browser or with a token. Their answers stay, under their name.</p>
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
