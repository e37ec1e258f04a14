/** The nodes of a connection, without the holes that GraphQL allows. */
export function nodesOf<Node>(connection: { edges: { node: Node | null }[] } | null | undefined): Node[] {
  return (connection?.edges ?? []).flatMap((edge) => (edge.node ? [edge.node] : []));
}
