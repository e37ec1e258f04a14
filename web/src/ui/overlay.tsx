// What lies over the page: drawers, dialogs and menus (Ariakit keeps focus, Escape and screen readers right).
import { Dialog as KitDialog, DialogDismiss, DialogHeading, Menu as KitMenu, MenuButton, MenuItem, MenuProvider } from "@ariakit/react";
import type { ReactNode } from "react";
import { Button } from "./basics";
import { Icon, type IconName } from "./icons";
import { useT } from "@/i18n";

interface OverlayProps {
  title: ReactNode;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
}

function Overlay({ title, open, onClose, children, footer, shape }: OverlayProps & { shape: "drawer" | "dialog" }) {
  const t = useT();
  return (
    <KitDialog open={open} onClose={onClose} className={shape} backdrop={<div className="backdrop" />} unmountOnHide>
      <header className="overlay-head">
        <DialogHeading>{title}</DialogHeading>
        <DialogDismiss className="button quiet" aria-label={t("Close")}>
          <Icon name="close" />
        </DialogDismiss>
      </header>
      <div className="overlay-body" tabIndex={-1}>
        {children}
      </div>
      {footer && <footer className="overlay-foot">{footer}</footer>}
    </KitDialog>
  );
}

export const Drawer = (props: OverlayProps) => <Overlay {...props} shape="drawer" />;
export const Dialog = (props: OverlayProps) => <Overlay {...props} shape="dialog" />;

interface ConfirmProps {
  title: string;
  text: ReactNode;
  action: string;
  open: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, text, action, open, busy, onConfirm, onClose }: ConfirmProps) {
  const t = useT();
  const footer = (
    <>
      <Button onClick={onClose}>{t("Cancel")}</Button>
      <Button kind="danger" busy={busy} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} open={open} onClose={onClose} footer={footer}>
      <p>{text}</p>
    </Dialog>
  );
}

export interface MenuEntry {
  label: string;
  icon?: IconName;
  danger?: boolean;
  onSelect: () => void;
}

export function Menu({ label, entries, text, icon = "more" }: { label: string; entries: MenuEntry[]; text?: string; icon?: IconName }) {
  return (
    <MenuProvider>
      <MenuButton className="button quiet" aria-label={label}>
        {text}
        <Icon name={icon} />
      </MenuButton>
      <KitMenu className="menu" gutter={4} portal>
        {entries.map((entry) => (
          <MenuItem key={entry.label} className={entry.danger ? "menu-item danger" : "menu-item"} onClick={entry.onSelect}>
            {entry.icon && <Icon name={entry.icon} />}
            {entry.label}
          </MenuItem>
        ))}
      </KitMenu>
    </MenuProvider>
  );
}
