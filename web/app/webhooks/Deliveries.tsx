import { Banner, Button, Checkbox, Chip, Dialog, Skeleton, toast } from "@labelwright/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { errorText } from "../api/client";
import { invalidate } from "../api/queries";
import { deliveriesQuery, DELIVERIES_PER_PAGE, deliveryBodyQuery, isOnItsWay, webhookActions, type Delivery, type Webhook } from "../api/webhooks";
import { formatCount, fullTime, timeAgo } from "../format";
import { formatDuration_ms } from "../models/words";
import styles from "./Webhooks.module.css";
import { deliveryState, deliveryWords, eventWords } from "./words";

/** What was sent, newest first, and what became of it. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [page, setPage] = useState(1);
  const [onlyFailed, setOnlyFailed] = useState(false);
  const [shown, setShown] = useState<Delivery | null>(null);
  const deliveries = useQuery(deliveriesQuery(webhook.id, page, onlyFailed));
  const count = deliveries.data?.count ?? 0;
  const pages = Math.max(1, Math.ceil(count / DELIVERIES_PER_PAGE));
  return (
    <div className={styles.deliveries}>
      <div className={styles.line}>
        <h4>Deliveries</h4>
        <Checkbox
          label="Only failed"
          checked={onlyFailed}
          onChange={(on) => {
            setOnlyFailed(on);
            setPage(1);
          }}
        />
      </div>
      {deliveries.isPending ? (
        <Skeleton height={80} />
      ) : deliveries.isError ? (
        <Banner tone="danger">{errorText(deliveries.error)}</Banner>
      ) : deliveries.data.results.length === 0 ? (
        <p className={styles.muted}>{onlyFailed ? "None has failed." : "Nothing was sent yet. Press Test, or label something."}</p>
      ) : (
        <ul className={styles.rows} aria-label="Deliveries">
          {deliveries.data.results.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} onShow={() => setShown(delivery)} />
          ))}
        </ul>
      )}
      {pages > 1 && (
        <div className={styles.line}>
          <span className={styles.muted}>
            Page {formatCount(page)} of {formatCount(pages)}
          </span>
          <span className={styles.buttons}>
            <Button size="small" disabled={page === 1} onClick={() => setPage(page - 1)}>
              Newer
            </Button>
            <Button size="small" disabled={page >= pages} onClick={() => setPage(page + 1)}>
              Older
            </Button>
          </span>
        </div>
      )}
      {shown && <DeliveryDialog delivery={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

function Row({ delivery, onShow }: { delivery: Delivery; onShow: () => void }) {
  const [word, tone] = deliveryState(delivery);
  const replay = useMutation({
    mutationFn: () => webhookActions.replay(delivery.id),
    onSuccess: () => invalidate(["deliveries", delivery.webhook]),
    onError: (error) => toast({ message: errorText(error), tone: "danger" }),
  });
  const name = eventWords(delivery.action);
  return (
    <li className={styles.row} data-delivery={delivery.state}>
      <span className={styles.event}>
        <strong>{name}</strong>
        <Chip tone={tone}>{word}</Chip>
      </span>
      <span className={styles.detail}>
        <time dateTime={delivery.created_at} title={fullTime(delivery.created_at)}>
          {timeAgo(delivery.created_at)}
        </time>
        {delivery.status_code !== null && <span>status {delivery.status_code}</span>}
        {delivery.duration_ms !== null && <span>{formatDuration_ms(delivery.duration_ms)}</span>}
        {delivery.attempts > 1 && <span>{delivery.attempts} tries</span>}
        {isOnItsWay(delivery) && delivery.next_try_at && delivery.attempts > 0 && <span title={fullTime(delivery.next_try_at)}>next try {timeAgo(delivery.next_try_at)}</span>}
      </span>
      <span className={styles.buttons}>
        <Button size="small" variant="ghost" aria-label={`Show ${name}`} onClick={onShow}>
          Show
        </Button>
        {!isOnItsWay(delivery) && (
          <Button size="small" busy={replay.isPending} aria-label={`Replay ${name}`} onClick={() => replay.mutate()}>
            Replay
          </Button>
        )}
      </span>
      {delivery.state !== "delivered" && deliveryWords(delivery) && <p className={delivery.state === "failed" ? styles.bad : styles.muted}>{deliveryWords(delivery)}</p>}
    </li>
  );
}

function DeliveryDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const [word, tone] = deliveryState(delivery);
  const body = useQuery(deliveryBodyQuery(delivery.id));
  return (
    <Dialog
      title={eventWords(delivery.action)}
      size="large"
      onClose={onClose}
      footer={
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      }
    >
      <p className={styles.event}>
        <Chip tone={tone}>{word}</Chip> <span className={styles.muted}>{deliveryWords(delivery)}</span>
      </p>
      {body.isPending ? (
        <Skeleton height={160} />
      ) : body.isError ? (
        <Banner tone="danger">{errorText(body.error)}</Banner>
      ) : (
        <pre className={styles.code} tabIndex={0} aria-label="Body">
          {JSON.stringify(body.data, null, 2)}
        </pre>
      )}
    </Dialog>
  );
}
