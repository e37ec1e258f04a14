import { Icon } from "@/ui/icons";
import { linksOf } from "./links";

/** Dashboards elsewhere (D-52). Only web addresses become links. */
export function ExternalLinks({ links }: { links: unknown }) {
  return linksOf(links)
    .filter((link) => /^https?:\/\//.test(link.url))
    .map((link) => (
      <a key={link.url + link.label} className="button plain" href={link.url} target="_blank" rel="noreferrer noopener">
        {link.label}
        <Icon name="link" size={13} />
      </a>
    ));
}
