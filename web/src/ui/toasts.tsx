// Short words on what was just done; what went wrong stays until it is closed.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { Icon } from "./icons";
import { useT } from "@/i18n";
import { ApiError } from "@/api/errors";

interface Toast {
  id: number;
  text: string;
  hint?: string;
  bad: boolean;
}

interface Toaster {
  say: (text: string) => void;
  complain: (error: unknown) => void;
}

const SHOWN_MS = 4000;
const ToastContext = createContext<Toaster | null>(null);

export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useT();
  const [toasts, setToasts] = useState<Toast[]>([]);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const add = useCallback(
    (toast: Omit<Toast, "id">) => {
      const id = performance.now();
      setToasts((all) => [...all.slice(-3), { ...toast, id }]);
      if (!toast.bad) setTimeout(() => close(id), SHOWN_MS);
    },
    [close],
  );
  const toaster = useMemo<Toaster>(
    () => ({
      say: (text) => add({ text, bad: false }),
      complain: (error) => add({ text: error instanceof Error ? error.message : String(error), hint: error instanceof ApiError ? error.hint : undefined, bad: true }),
    }),
    [add],
  );
  return (
    <ToastContext value={toaster}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={toast.bad ? "toast bad" : "toast"}>
            <Icon name={toast.bad ? "warning" : "check"} />
            <div>
              <p>{toast.text}</p>
              {toast.hint && <p className="hint">{toast.hint}</p>}
            </div>
            <button type="button" className="button quiet" aria-label={t("Close")} onClick={() => close(toast.id)}>
              <Icon name="close" size={12} />
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

export function useToasts(): Toaster {
  const toaster = useContext(ToastContext);
  if (!toaster) throw new Error("useToasts outside of ToastProvider");
  return toaster;
}
