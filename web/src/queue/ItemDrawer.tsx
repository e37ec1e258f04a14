// What is known of one item, in place: why it failed or waits, its history, the end of its output (D-49).
import { useEffect, useState } from "react";
import { CancelItemsDocument, ItemDetailsDocument, RequeueItemDocument, type ItemDetailsQuery } from "@/generated/graphql";
import { useApi, useChange } from "@/api/hooks";
import { Button, Clock, ErrorNote, Facts, LinkButton, Loading } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { Drawer } from "@/ui/overlay";
import { hasEnded, PhasePill } from "@/ui/phase";
import { useToasts } from "@/ui/toasts";
import { useT } from "@/i18n";
import { routes } from "@/routes";
import { readTail } from "@/run/logSource";
import { Timeline } from "@/run/Timeline";
import { Duration } from "./ItemTable";

export function ItemDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useT();
  const { data, error, isPending } = useApi(ItemDetailsDocument, { id: id ?? "" }, { enabled: id !== null, touchedBy: (event) => event.id === id });
  const item = data?.runQueueItem;
  return (
    <Drawer title={item?.run?.displayName ?? item?.run?.name ?? t("Item")} open={id !== null} onClose={onClose} footer={item && <Actions item={item} />}>
      <ErrorNote error={error} />
      {isPending && <Loading />}
      {item && <Details item={item} />}
    </Drawer>
  );
}

type Item = NonNullable<ItemDetailsQuery["runQueueItem"]>;

function Actions({ item }: { item: Item }) {
  const t = useT();
  const { say, complain } = useToasts();
  const cancel = useChange(CancelItemsDocument);
  const again = useChange(RequeueItemDocument);
  const stop = () => cancel.mutate({ input: { ids: [item.id] } }, { onError: complain });
  const rerun = () => again.mutate({ input: { id: item.id } }, { onSuccess: () => say(t("Launched again.")), onError: complain });
  return (
    <>
      {hasEnded(item.phase) ? (
        <Button icon="retry" busy={again.isPending} onClick={rerun}>
          {t("Run again")}
        </Button>
      ) : (
        <Button kind="danger" icon="stop" busy={cancel.isPending} disabled={item.cancelRequested} onClick={stop}>
          {t("Stop")}
        </Button>
      )}
      {item.run && (
        <LinkButton kind="primary" href={routes.run(item.run.entityName, item.run.projectName, item.run.name)}>
          {t("Open the run")}
        </LinkButton>
      )}
    </>
  );
}

function Details({ item }: { item: Item }) {
  const t = useT();
  return (
    <>
      <div className="row">
        <PhasePill phase={item.phase} stopping={item.cancelRequested} unreachable={item.unreachableSince !== null} />
        {item.exitCode !== null && <span className="muted">{t("exit code {code}", { code: item.exitCode })}</span>}
      </div>
      {item.error && (
        <div className="note bad">
          <Icon name="warning" />
          <div>
            <p>{item.error.message}</p>
            <p className="hint">{[item.error.failureClass, item.error.stage].filter(Boolean).join(" · ")}</p>
          </div>
        </div>
      )}
      {item.warnings?.map((warning, index) => (
        <div className="note warn" key={index}>
          <Icon name="warning" />
          <div>
            <p>{warning.message}</p>
          </div>
        </div>
      ))}
      {item.waitReason && (
        <div className="note">
          <Icon name="info" />
          <div>{item.waitReason}</div>
        </div>
      )}
      <Facts
        rows={[
          [t("Author"), item.author],
          [t("Agent"), item.agentName],
          [t("Attempt"), item.attempt > 1 ? item.attempt : null],
          [t("Image"), item.image && <code>{item.image}</code>],
          [t("Created"), <Clock key="created" at={item.createdAt} />],
          [t("Started"), item.startedAt && <Clock key="started" at={item.startedAt} />],
          [t("Duration"), item.startedAt && <Duration key="duration" item={item} />],
        ]}
      />
      {item.run && <LogTail run={item.run} phase={item.phase} />}
      <h2>{t("Timeline")}</h2>
      <Timeline events={item.events} />
    </>
  );
}

function LogTail({ run, phase }: { run: NonNullable<Item["run"]>; phase: Item["phase"] }) {
  const t = useT();
  const [lines, setLines] = useState<string[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    void readTail(run, 12, abort.signal).then(setLines, () => undefined);
    return () => abort.abort();
  }, [run, phase]);
  if (lines.length === 0) return null;
  return (
    <>
      <h2>{t("Last lines of the output")}</h2>
      <pre className="log-tail" tabIndex={0}>
        {lines.join("\n")}
      </pre>
    </>
  );
}
