import { Banner, Button, Chip, Dialog, EmptyState, IconButton, Menu, Skeleton, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Ellipsis, Plus, Zap } from "lucide-react";
import { useState } from "react";
import { errorText } from "../api/client";
import type { Project } from "../api/models";
import { invalidate } from "../api/queries";
import { webhookActions, webhooksQuery, type Webhook } from "../api/webhooks";
import { countOf } from "../format";
import { formatDuration_ms } from "../models/words";
import { Failed, Page, Section } from "../shell/Page";
import { Deliveries } from "./Deliveries";
import { WebhookDialog } from "./WebhookDialog";
import styles from "./Webhooks.module.css";
import { deliveryWords, eventWords } from "./words";

type Open = { is: "new" } | { is: "edit" | "remove"; webhook: Webhook } | null;

/** Addresses that are told what happens in the project. */
export function WebhookSettings({ project }: { project: Project }) {
  const webhooks = useQuery(webhooksQuery(project.id));
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (webhooks.isError && !webhooks.data) return <Failed error={webhooks.error} what="The webhooks" onRetry={() => void webhooks.refetch()} />;
  const add = (
    <Button variant="primary" icon={<Plus />} onClick={() => setOpen({ is: "new" })}>
      Add a webhook
    </Button>
  );
  return (
    <Page title="Webhooks" intro="Tell other programs what happens here: tasks that came, answers that were given." actions={webhooks.data && webhooks.data.length > 0 ? add : null}>
      {webhooks.isPending ? (
        <div role="status" aria-label="Loading the webhooks">
          <Skeleton height={160} />
        </div>
      ) : webhooks.data?.length === 0 ? (
        <Section>
          <EmptyState icon={<Zap />} title="No webhooks yet" actions={add}>
            Each event is sent as JSON, tried again until it arrives, and kept here for you to look at and replay.
          </EmptyState>
        </Section>
      ) : (
        webhooks.data?.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} onEdit={() => setOpen({ is: "edit", webhook })} onRemove={() => setOpen({ is: "remove", webhook })} />
        ))
      )}
      {open?.is === "new" && <WebhookDialog project={project.id} webhook={null} onClose={close} />}
      {open?.is === "edit" && <WebhookDialog project={project.id} webhook={open.webhook} onClose={close} />}
      {open?.is === "remove" && <RemoveDialog project={project.id} webhook={open.webhook} onClose={close} />}
    </Page>
  );
}

const MOST_EVENTS = 4;

function WebhookCard({ webhook, onEdit, onRemove }: { webhook: Webhook; onEdit: () => void; onRemove: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const test = useMutation({
    mutationFn: () => webhookActions.test(webhook.id),
    onSuccess: async (delivery) => {
      setIsOpen(true);
      await invalidate(["deliveries", webhook.id]);
      if (delivery.state === "delivered") toast({ message: `Received${delivery.duration_ms === null ? "" : ` in ${formatDuration_ms(delivery.duration_ms)}`}.`, tone: "ok" });
      else if (delivery.state === "failed") toast({ message: deliveryWords(delivery), tone: "danger" });
    },
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const { actions } = webhook;
  return (
    <Section>
      <article className={styles.webhook} aria-label={webhook.url}>
        <header className={styles.head}>
          <div className={styles.title}>
            <h2 className={styles.url}>{webhook.url}</h2>
            <Chip tone={webhook.is_active ? "ok" : "neutral"}>{webhook.is_active ? "Active" : "Off"}</Chip>
            {webhook.ml_backend && <Chip>Connected model</Chip>}
          </div>
          <Menu
            label={`More of ${webhook.url}`}
            align="end"
            trigger={(props) => (
              <IconButton label={`More of ${webhook.url}`} size="small" {...props}>
                <Ellipsis />
              </IconButton>
            )}
            items={[
              { id: "edit", label: "Edit…", onSelect: onEdit },
              { id: "remove", label: "Remove…", tone: "danger", separated: true, onSelect: onRemove },
            ]}
          />
        </header>
        <p className={styles.muted}>
          {webhook.send_for_all_actions
            ? "All events"
            : actions.length === 0
              ? "No events"
              : `${actions.slice(0, MOST_EVENTS).map(eventWords).join(", ")}${actions.length > MOST_EVENTS ? ` and ${actions.length - MOST_EVENTS} more` : ""}`}
          {webhook.send_payload ? ", with the objects" : ", without the objects"}
          {Object.keys(webhook.headers).length > 0 && `, ${countOf(Object.keys(webhook.headers).length, "header")}`}
          {webhook.has_secret ? ", signed." : "."}
        </p>
        <div className={styles.buttons}>
          <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? "Hide deliveries" : "Deliveries"}
          </Button>
        </div>
        {isOpen && <Deliveries webhook={webhook} />}
      </article>
    </Section>
  );
}

function RemoveDialog({ project, webhook, onClose }: { project: number; webhook: Webhook; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => webhookActions.remove(webhook.id),
    onSuccess: async () => {
      await invalidate(["webhooks", project]);
      toast({ message: "Webhook removed.", tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog
      title="Remove the webhook?"
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
      <p className={styles.break}>Nothing is sent to {webhook.url} any more. The list of its deliveries goes too, also those that still wait.</p>
      {webhook.ml_backend && <p>It was made for a connected model, which then no longer hears of answers.</p>}
      {remove.isError && <Banner tone="danger">{errorText(remove.error)}</Banner>}
    </Dialog>
  );
}
