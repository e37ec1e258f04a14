const NAMES: Record<string, string> = {
  kubernetes: "Kubernetes",
  sagemaker: "Amazon SageMaker",
  "gcp-vertex": "Google Vertex AI",
  "local-container": "Docker",
  "local-process": "Local process",
};

/** As people say it; a kind that this page does not know keeps its own word. */
export function resourceName(resource: string): string {
  return NAMES[resource] ?? resource;
}
