import { CopyCommand, Empty } from "@/ui/basics";
import { useT } from "@/i18n";
import { shellWord } from "@/lib/shell";

export function EmptyQueue({ queue }: { queue: { name: string; entityName: string } }) {
  const t = useT();
  return (
    <Empty title={t("Nothing has been launched here yet.")} icon="play">
      <p>{t("Launch a job from the Jobs page, or the folder that you are in:")}</p>
      <CopyCommand command={`slipway launch -u . -E "python3 train.py" -e ${shellWord(queue.entityName)} -q ${shellWord(queue.name)}`} />
    </Empty>
  );
}
