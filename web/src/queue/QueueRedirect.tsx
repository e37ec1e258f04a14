// Clients print addresses with a queue's id; people like names.
import { Redirect } from "wouter";
import { QueueByIdDocument } from "@/generated/graphql";
import { useApi } from "@/api/hooks";
import { ErrorNote, Loading } from "@/ui/basics";
import { NotFound } from "@/shell/NotFound";
import { routes } from "@/routes";

export function QueueRedirect({ id }: { id: string }) {
  const { data, error, isPending } = useApi(QueueByIdDocument, { id });
  if (isPending) return <Loading />;
  if (error) return <ErrorNote error={error} />;
  if (!data.runQueue) return <NotFound />;
  return <Redirect to={routes.queue(data.runQueue.entityName, data.runQueue.name)} replace />;
}
