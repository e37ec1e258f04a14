// Every transition of an item: when, to what, by whom and why.
import type { RunItemFragment, RunQueueItemState } from "@/generated/graphql";
import { PhasePill } from "@/ui/phase";
import { useSpeech } from "@/i18n";
import { clockText, parseTime, spanText } from "@/lib/time";

type Event = RunItemFragment["events"][number];

export function Timeline({ events }: { events: Event[] }) {
  const { t, language } = useSpeech();
  return (
    <ol className="timeline">
      {events.map((event, index) => {
        const at = parseTime(event.at) ?? 0;
        const before = index > 0 ? parseTime(events[index - 1]?.at) : null;
        const newAttempt = index > 0 && events[index - 1]?.attempt !== event.attempt;
        return (
          <li key={index}>
            {newAttempt && <p className="attempt">{t("Attempt {number}", { number: event.attempt })}</p>}
            <div className="row">
              <PhasePill phase={event.to as RunQueueItemState} />
              <time className="muted" dateTime={event.at} title={clockText(at, language)}>
                {new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(at)}
              </time>
              {before !== null && <span className="faint">+{spanText(at - before)}</span>}
            </div>
            <p className="timeline-why">
              {event.reason} <span className="faint">{event.actor}</span>
            </p>
          </li>
        );
      })}
    </ol>
  );
}
