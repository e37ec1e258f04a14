// The addresses of the app. src/server/api/pages.cc answers the same ones, so that every view can be linked to.
const path = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;

export const routes = {
  launch: (entity?: string | null) => (entity ? path(entity, "launch") : "/launch"),
  createQueue: "/launch/create",
  queue: (entity: string, queue: string, tab?: string) => (tab ? path(entity, "queues", queue, tab) : path(entity, "queues", queue)),
  run: (entity: string, project: string, run: string, tab?: string) => (tab ? path(entity, project, "runs", run, tab) : path(entity, project, "runs", run)),
  projects: "/projects",
  project: (entity: string, project: string) => path(entity, project),
  jobs: "/jobs",
  projectJobs: (entity: string, project: string) => path(entity, project, "jobs"),
  job: (entity: string, project: string, job: string) => path(entity, project, "jobs", job),
  settings: (part?: string) => (part ? path("settings", part) : "/settings"),
};
