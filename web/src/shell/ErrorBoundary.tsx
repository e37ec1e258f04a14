import { Component, type ReactNode } from "react";
import { Button } from "@/ui/basics";
import { useT } from "@/i18n";

function Broken({ message }: { message: string }) {
  const t = useT();
  return (
    <div className="note bad" role="alert">
      <div>
        <p>{t("This page cannot be shown: {message}", { message })}</p>
        <Button onClick={() => location.reload()}>{t("Load it again")}</Button>
      </div>
    </div>
  );
}

/** A mistake in one page leaves the navigation alive. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: Error) {
    return { message: error.message };
  }

  override render() {
    return this.state.message === null ? this.props.children : <Broken message={this.state.message} />;
  }
}
