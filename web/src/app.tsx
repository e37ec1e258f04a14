// Which page answers which address. Pages that most visits do not need are loaded when they are opened.
import { lazy, Suspense, type ComponentType } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useSession } from "./api/session";
import { LaunchPage } from "./launch/LaunchPage";
import { QueuePage } from "./queue/QueuePage";
import { QueueRedirect } from "./queue/QueueRedirect";
import { Shell } from "./shell/Shell";
import { NotFound } from "./shell/NotFound";
import { SignIn } from "./shell/SignIn";
import { Loading } from "./ui/basics";
import { ErrorBoundary } from "./shell/ErrorBoundary";

function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await load() }));
}

const CreateQueuePage = later(() => import("./queue/CreateQueuePage").then((module) => module.CreateQueuePage));
const RunPage = later(() => import("./run/RunPage").then((module) => module.RunPage));
const ProjectsPage = later(() => import("./projects/ProjectsPage").then((module) => module.ProjectsPage));
const ProjectPage = later(() => import("./projects/ProjectPage").then((module) => module.ProjectPage));
const JobsPage = later(() => import("./jobs/JobsPage").then((module) => module.JobsPage));
const JobPage = later(() => import("./jobs/JobPage").then((module) => module.JobPage));
const SettingsPage = later(() => import("./settings/SettingsPage").then((module) => module.SettingsPage));

export function App() {
  const { state } = useSession();
  if (state === "loading") return <Loading />;
  if (state === "out") return <SignIn />;
  return (
    <Shell>
      <ErrorBoundary>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/">
              <Redirect to="/launch" replace />
            </Route>
            <Route path="/launch">
              <LaunchPage />
            </Route>
            <Route path="/launch/create">
              <CreateQueuePage />
            </Route>
            <Route path="/jobs">
              <JobsPage />
            </Route>
            <Route path="/projects">
              <ProjectsPage />
            </Route>
            <Route path="/settings/:part?">{({ part }) => <SettingsPage part={part ?? "you"} />}</Route>
            <Route path="/:entity/launch">{({ entity }) => <LaunchPage entity={entity} />}</Route>
            <Route path="/:entity/launch/:queue">{({ queue }) => <QueueRedirect id={queue} />}</Route>
            <Route path="/:entity/queues/:queue/:tab?">{({ entity, queue, tab }) => <QueuePage entity={entity} name={queue} tab={tab ?? "runs"} />}</Route>
            <Route path="/:entity/:project/jobs">{({ entity, project }) => <ProjectPage entity={entity} project={project} tab="jobs" />}</Route>
            <Route path="/:entity/:project/jobs/:job">{({ entity, project, job }) => <JobPage entity={entity} project={project} job={job} />}</Route>
            <Route path="/:entity/:project/runs/:run/:tab?">
              {({ entity, project, run, tab }) => <RunPage key={`${entity}/${project}/${run}`} entity={entity} project={project} name={run} tab={tab ?? "overview"} />}
            </Route>
            <Route path="/:entity/:project/runs">{({ entity, project }) => <ProjectPage entity={entity} project={project} tab="runs" />}</Route>
            <Route path="/:entity/:project">{({ entity, project }) => <ProjectPage entity={entity} project={project} tab="runs" />}</Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}
