// A queue that nobody polls: says so, and how to add an agent (D-13).
import { useState } from "react";
import { Button, CopyCommand } from "@/ui/basics";
import { Icon } from "@/ui/icons";
import { Dialog } from "@/ui/overlay";
import { useT } from "@/i18n";
import { shellWord } from "@/lib/shell";

export function NoAgentBanner({ queue }: { queue: { name: string; entityName: string } }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <div className="note bad" role="status">
      <Icon name="warning" />
      <div>
        <p>{t("Not active: no agent polls this queue, so nothing on it will run.")}</p>
      </div>
      <Button kind="quiet" icon="plus" onClick={() => setOpen(true)}>
        {t("Add an agent")}
      </Button>
      <AddAgentDialog queue={queue} open={open} onClose={() => setOpen(false)} />
    </div>
  );
}

export function AddAgentDialog({ queue, open, onClose }: { queue: { name: string; entityName: string }; open: boolean; onClose: () => void }) {
  const t = useT();
  const server = `export WANDB_BASE_URL=${location.origin}`;
  const start = `slipway launch-agent -q ${shellWord(queue.name)} -e ${shellWord(queue.entityName)}`;
  return (
    <Dialog title={t("Add an agent")} open={open} onClose={onClose}>
      <p className="muted">{t("Run this on the machine that should do the work. It needs slipway and, for Docker queues, a Docker engine.")}</p>
      <CopyCommand command={server} label={t("Copy the server’s address")} />
      <CopyCommand command="slipway login" label={t("Copy the sign-in command")} />
      <CopyCommand command={start} label={t("Copy the agent’s command")} />
      <p className="muted">{t("The agent of W&B works too:")}</p>
      <CopyCommand command={`wandb launch-agent --queue ${shellWord(queue.name)} --entity ${shellWord(queue.entityName)}`} />
    </Dialog>
  );
}
