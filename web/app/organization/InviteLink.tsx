import { Banner, Button, Dialog, Skeleton, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { api, errorText } from "../api/client";
import type { Invite } from "../api/models";
import { inviteQuery, queryClient } from "../api/queries";
import { CopyField } from "../shell/CopyField";

/** The address that lets people join; a new one makes the old one useless. */
export function InviteLink() {
  const invite = useQuery(inviteQuery);
  const [asking, setAsking] = useState(false);
  const renew = useMutation({
    mutationFn: () => api.post<Invite>("/api/invite/reset-token"),
    onSuccess: (fresh) => {
      queryClient.setQueryData(inviteQuery.queryKey, fresh);
      setAsking(false);
      toast({ message: "The old link no longer works.", tone: "ok" });
    },
  });
  if (invite.isPending) return <Skeleton height={56} />;
  if (invite.isError) return <Banner tone="danger">{errorText(invite.error)}</Banner>;
  return (
    <>
      <CopyField label="Invitation link" value={new URL(invite.data.invite_url, location.origin).href} description="Whoever has it can sign up and becomes a member.">
        <Button icon={<RotateCcw />} onClick={() => setAsking(true)}>
          New link
        </Button>
      </CopyField>
      {asking && (
        <Dialog
          title="Make a new invitation link?"
          size="small"
          onClose={() => setAsking(false)}
          onSubmit={() => renew.mutate()}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Keep</Button>
              <Button type="submit" variant="primary" busy={renew.isPending}>
                New link
              </Button>
            </>
          }
        >
          <p>The link that you have given out stops working at once.</p>
          {renew.isError && <Banner tone="danger">{errorText(renew.error)}</Banner>}
        </Dialog>
      )}
    </>
  );
}
