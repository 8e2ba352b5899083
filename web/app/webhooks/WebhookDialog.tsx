import { Button, Checkbox, Dialog, Skeleton, TextArea, TextField, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, errorText } from "../api/client";
import { invalidate } from "../api/queries";
import { eventsQuery, webhookActions, type Webhook, type WebhookFields } from "../api/webhooks";
import styles from "./Webhooks.module.css";
import { eventWords, readHeaders, writeHeaders } from "./words";

interface WebhookDialogProps {
  project: number;
  /** Null: a new one. */
  webhook: Webhook | null;
  onClose: () => void;
}

/** Where to send what. The secret can be set and replaced, never read. */
export function WebhookDialog({ project, webhook, onClose }: WebhookDialogProps) {
  const events = useQuery(eventsQuery);
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [isForAll, setIsForAll] = useState(webhook?.send_for_all_actions ?? true);
  const [actions, setActions] = useState<readonly string[]>(webhook?.actions ?? []);
  const [hasPayload, setHasPayload] = useState(webhook?.send_payload ?? true);
  const [headerText, setHeaderText] = useState(() => writeHeaders(webhook?.headers ?? {}));
  const [secret, setSecret] = useState("");
  const [isActive, setIsActive] = useState(webhook?.is_active ?? true);
  const [isSent, setIsSent] = useState(false);

  const parsed = readHeaders(headerText);
  const headerProblem = "problem" in parsed ? parsed.problem : null;
  const eventProblem = !isForAll && actions.length === 0 ? "Choose at least one event." : null;

  const save = useMutation({
    mutationFn: () => {
      const fields: WebhookFields = {
        url: url.trim(),
        send_for_all_actions: isForAll,
        actions: isForAll ? [] : [...actions],
        send_payload: hasPayload,
        headers: "headers" in parsed ? parsed.headers : {},
        is_active: isActive,
        ...(secret && { secret }),
      };
      return webhook ? webhookActions.edit(webhook.id, fields) : webhookActions.create(project, fields);
    },
    onSuccess: async () => {
      await invalidate(["webhooks", project]);
      toast({ message: webhook ? "Saved." : "Webhook added.", tone: "ok" });
      onClose();
    },
  });
  const refused = save.error instanceof ApiError ? save.error : null;
  const named = ["url", "actions", "headers", "secret"].filter((name) => refused?.field(name));
  const general = save.isError && named.length === 0 ? errorText(save.error) : null;

  const toggle = (name: string, on: boolean) => setActions((now) => (on ? [...now, name] : now.filter((each) => each !== name)));
  const offered = Object.entries(events.data ?? {}).filter(([, info]) => !info["organization-only"]);

  return (
    <Dialog
      title={webhook ? "Edit webhook" : "Add a webhook"}
      onClose={onClose}
      onSubmit={() => {
        setIsSent(true);
        if (headerProblem === null && eventProblem === null) save.mutate();
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {webhook ? "Save" : "Add webhook"}
          </Button>
        </>
      }
    >
      <TextField
        label="Address"
        type="url"
        required
        spellCheck={false}
        autoComplete="off"
        placeholder="https://example.com/labels"
        data-autofocus
        value={url}
        error={refused?.field("url") ?? general}
        description="Gets a POST with JSON for each event."
        onChange={(event) => setUrl(event.target.value)}
      />
      <fieldset className={styles.group}>
        <legend className={styles.legend}>Events</legend>
        <Checkbox label="All events" checked={isForAll} onChange={setIsForAll} />
        {!isForAll &&
          (events.isPending ? (
            <Skeleton height={80} />
          ) : events.isError ? (
            <p className={styles.bad}>{errorText(events.error)}</p>
          ) : (
            <div className={styles.events}>
              {offered.map(([name, info]) => (
                <Checkbox key={name} label={info.name || eventWords(name)} {...(info.description && { description: info.description })} checked={actions.includes(name)} onChange={(on) => toggle(name, on)} />
              ))}
            </div>
          ))}
        {isSent && eventProblem && (
          <p className={styles.bad} role="alert">
            {eventProblem}
          </p>
        )}
        {refused?.field("actions") && <p className={styles.bad}>{refused.field("actions")}</p>}
      </fieldset>
      <Checkbox label="Send the objects with it" description="The project, tasks and annotations it is about. Off: only the event's name." checked={hasPayload} onChange={setHasPayload} />
      <TextField
        label="Secret"
        type="password"
        autoComplete="new-password"
        value={secret}
        error={refused?.field("secret") ?? null}
        description={
          webhook?.has_secret
            ? "One is stored. Leave this empty to keep it."
            : "Optional. Deliveries are signed with it, so that the receiver can tell that they come from here."
        }
        onChange={(event) => setSecret(event.target.value)}
      />
      <TextArea
        label="Headers"
        mono
        rows={2}
        spellCheck={false}
        placeholder="Authorization: Bearer …"
        value={headerText}
        error={headerProblem ?? refused?.field("headers") ?? null}
        description="One a line."
        onChange={(event) => setHeaderText(event.target.value)}
      />
      <Checkbox label="Active" description="Off: nothing is sent, and what happens in the meantime is not sent later." checked={isActive} onChange={setIsActive} />
    </Dialog>
  );
}
