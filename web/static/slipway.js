// The built-in page: sign in, queues and their items live, a run with its timeline and log. No framework, no build step.
import { api, query, signIn, signOut, watch } from "/static/api.js";
import { ago, clock, fill, h, phaseBadge } from "/static/dom.js";
import { followLog } from "/static/log.js";

const main = document.getElementById("main");
const entityChoice = document.getElementById("entity");
const live = document.getElementById("live");
let stopWatching = () => {};

const ITEM = `id phase attempt author createdAt finishedAt priority waitReason agentName exitCode cancelRequested
  error { message } run { name entityName projectName }`;
const QUEUES = `query Queues($entity: String!) { entity(name: $entity) {
  runQueues { id name resource state prioritizationMode counts { waiting leased running } }
  launchAgents { id name hostname alive desire maxJobs runQueues items { id } } } }`;
const QUEUE = `query Queue($id: ID!) { runQueue(id: $id) { id name entityName resource state prioritizationMode
  items(first: 100, newestFirst: true) { edges { node { ${ITEM} } } pageInfo { hasNextPage } } } }`;
const RUN = `query Run($entity: String!, $project: String!, $run: String!) { project(entityName: $entity, name: $project) { run(name: $run) {
  name displayName state exitCode createdAt startedAt finishedAt host user { username }
  item { id phase stage attempt author agentName image exitCode waitReason cancelRequested unreachableSince createdAt finishedAt
    queue { id name entityName resource } error { message failureClass } warnings { message } events { at to from actor reason } } } } }`;
const CANCEL = `mutation Cancel($input: CancelRunQueueItemsInput!) { cancelRunQueueItems(input: $input) { changed } }`;

function showError(error) {
  if (error.status === 401) return showSignIn();
  fill(main, h("div", { class: "panel" }, h("div", { class: "empty" }, h("p", { class: "error" }, error.message), error.hint ? h("p", {}, error.hint) : null)));
}

/** Runs `load` now and after every change that is heard, at most four times a second. */
function keepFresh(topic, load) {
  stopWatching();
  let running = false, again = false, timer = 0;
  const refresh = async () => {
    if (running) { again = true; return; }
    running = true;
    try { await load(); } catch (error) { showError(error); }
    running = false;
    if (again) { again = false; timer = setTimeout(refresh, 250); }
  };
  const source = watch(topic, () => { clearTimeout(timer); timer = setTimeout(refresh, 120); }, (on) => {
    live.hidden = false;
    live.textContent = on ? "live" : "reconnecting";
    live.classList.toggle("off", !on);
  });
  const slow = setInterval(refresh, 15000);
  stopWatching = () => { source.close(); clearInterval(slow); clearTimeout(timer); live.hidden = true; };
  return refresh();
}

function showSignIn(message) {
  stopWatching();
  document.getElementById("sign-out").hidden = true;
  document.getElementById("who").textContent = "";
  entityChoice.hidden = true;
  const key = h("input", { type: "password", name: "key", autocomplete: "current-password", required: true, spellcheck: "false" });
  const problem = h("p", { class: "error", role: "alert" }, message || "");
  const submit = async (event) => {
    event.preventDefault();
    try { await signIn(key.value.trim()); await begin(); } catch (error) { problem.textContent = error.message; }
  };
  fill(main, h("section", { class: "panel sign-in" }, h("h1", {}, "Sign in"),
    h("p", { class: "faint" }, "Use an API key of this server. The first administrator’s is in ", h("code", {}, "admin.key"), " in the data directory."),
    h("form", { onsubmit: submit }, h("label", {}, "API key", key), problem, h("button", { type: "submit" }, "Sign in"))));
  key.focus();
}

function runLink(node) {
  if (!node.run) return h("span", { class: "mono" }, "–");
  const { entityName, projectName, name } = node.run;
  return h("a", { class: "mono", href: `/${[entityName, projectName, "runs", name].map(encodeURIComponent).join("/")}` }, name);
}

function itemRow(node, prioritized) {
  const reason = node.error ? node.error.message : node.waitReason;
  return h("tr", {}, h("td", {}, runLink(node), reason ? h("div", { class: "reason" }, reason) : null),
    h("td", {}, phaseBadge(node.phase, node.cancelRequested)),
    prioritized ? h("td", { class: "wide" }, ["critical", "high", "medium", "low"][node.priority] ?? "") : null,
    h("td", { class: "wide" }, node.author ?? ""), h("td", { class: "wide" }, node.agentName ?? ""),
    h("td", { class: "num" }, h("time", { title: node.createdAt }, ago(node.createdAt))));
}

function itemsPanel(queue) {
  const nodes = queue.items.edges.map((edge) => edge.node);
  const prioritized = queue.prioritizationMode === "V0";
  const head = h("div", { class: "head" }, h("h2", {}, queue.name), h("span", { class: "faint" }, queue.resource), queue.state === "PAUSED" ? h("span", { class: "badge stop" }, "paused") : null);
  if (nodes.length === 0) {
    return h("section", { class: "panel" }, head, h("div", { class: "empty" }, "Nothing has been launched here yet.", h("br"),
      h("code", {}, `slipway launch -u . -E "python3 train.py" -e ${queue.entityName} -q ${queue.name}`)));
  }
  const columns = h("tr", {}, h("th", {}, "Run"), h("th", {}, "State"), prioritized ? h("th", { class: "wide" }, "Priority") : null,
    h("th", { class: "wide" }, "Author"), h("th", { class: "wide" }, "Agent"), h("th", { class: "num" }, "Pushed"));
  return h("section", { class: "panel" }, head, h("table", {}, h("thead", {}, columns), h("tbody", {}, nodes.map((node) => itemRow(node, prioritized)))),
    queue.items.pageInfo.hasNextPage ? h("div", { class: "body faint" }, "The newest 100 items are shown.") : null);
}

function agentsPanel(agents) {
  const rows = agents.filter((agent) => agent.alive).map((agent) => h("tr", {},
    h("td", {}, agent.name, h("div", { class: "reason" }, agent.hostname)),
    h("td", {}, h("span", { class: agent.desire === "RUN" ? "badge good" : "badge stop" }, agent.desire === "RUN" ? "takes jobs" : agent.desire.toLowerCase())),
    h("td", { class: "num" }, `${agent.items.length} / ${agent.maxJobs < 0 ? "∞" : agent.maxJobs}`)));
  const head = h("div", { class: "head" }, h("h2", {}, "Agents"));
  if (rows.length === 0) return h("section", { class: "panel" }, head, h("div", { class: "empty" }, "No agent has been heard of lately.", h("br"), h("code", {}, "slipway launch-agent -q QUEUE")));
  return h("section", { class: "panel" }, head, h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "Agent"), h("th", {}, "State"), h("th", { class: "num" }, "Jobs"))), h("tbody", {}, rows)));
}

function queueCard(queue, chosen, choose) {
  const { waiting, leased, running } = queue.counts;
  return h("button", { class: "queue", type: "button", "aria-current": String(queue.id === chosen), onclick: () => choose(queue.id) },
    h("div", { class: "name" }, queue.name, h("span", { class: "faint" }, queue.state === "PAUSED" ? "paused" : queue.resource)),
    h("div", { class: "counts" }, h("span", {}, h("b", {}, waiting), " waiting"), h("span", {}, h("b", {}, leased), " starting"), h("span", {}, h("b", {}, running), " running")));
}

function showLaunch(entity) {
  document.title = "Launch – slipway";
  let chosen = new URLSearchParams(location.search).get("queue");
  const choose = (id) => { chosen = id; history.replaceState(null, "", `/${encodeURIComponent(entity)}/launch?queue=${encodeURIComponent(id)}`); load().catch(showError); };
  const load = async () => {
    const { entity: found } = await query(QUEUES, { entity });
    if (!found.runQueues.some((queue) => queue.id === chosen)) chosen = found.runQueues[0]?.id ?? null;
    if (!chosen) {
      fill(main, h("h1", {}, "Launch"), h("div", { class: "panel" }, h("div", { class: "empty" }, "There is no queue yet.", h("br"), h("code", {}, `slipway queue create my-queue -e ${entity} --resource local-process`))));
      return;
    }
    const { runQueue } = await query(QUEUE, { id: chosen });
    fill(main, h("h1", {}, "Launch"), h("div", { class: "layout" }, h("nav", { class: "queues", "aria-label": "Queues" }, found.runQueues.map((queue) => queueCard(queue, chosen, choose))),
      h("div", {}, itemsPanel(runQueue), agentsPanel(found.launchAgents))));
  };
  return keepFresh("", load);
}

function fact(name, value) { return value === null || value === undefined || value === "" ? null : [h("dt", {}, name), h("dd", {}, value)].reduce((box, part) => (box.append(part), box), h("div")); }

function runFacts(run, item) {
  return h("section", { class: "panel" }, h("div", { class: "body" }, h("dl", { class: "facts" },
    fact("Queue", item?.queue ? h("a", { href: `/${encodeURIComponent(item.queue.entityName)}/launch?queue=${encodeURIComponent(item.queue.id)}` }, item.queue.name) : null),
    fact("Author", item?.author ?? run.user?.username), fact("Agent", item?.agentName), fact("Step", item && !item.finishedAt ? item.stage : null), fact("Image", item?.image ? h("span", { class: "mono" }, item.image) : null),
    fact("Exit code", item?.exitCode ?? run.exitCode), fact("Attempt", item && item.attempt > 1 ? String(item.attempt) : null), fact("Pushed", clock(run.createdAt)),
    fact("Started", clock(run.startedAt)), fact("Ended", clock(item?.finishedAt ?? run.finishedAt)), fact("Not reachable since", clock(item?.unreachableSince)))));
}

function timeline(item) {
  return h("section", { class: "panel" }, h("div", { class: "head" }, h("h2", {}, "Timeline")), h("div", { class: "body" }, h("ol", { class: "timeline" }, item.events.map((event) => h("li", {},
    h("time", { title: event.at }, clock(event.at)), phaseBadge(event.to), h("span", { class: "reason" }, `${event.reason} `, h("span", { class: "faint" }, event.actor)))))));
}

function showRun(entity, project, name) {
  document.title = `${name} – slipway`;
  const title = h("div", { class: "title" }), details = h("div"), story = h("div");
  const log = h("pre", { class: "log", tabindex: "0", "aria-label": "Output of the job" });
  const address = `/api/runs/${[entity, project, name].map(encodeURIComponent).join("/")}/logs`;
  const logPanel = h("section", { class: "panel" }, h("div", { class: "head" }, h("h2", {}, "Output"), h("span", { class: "spring" }), h("a", { href: `${address}?download=1&format=text` }, "Download")), log);
  fill(main, title, details, logPanel, story);
  const load = async () => {
    const { project: found } = await query(RUN, { entity, project, run: name });
    const run = found?.run;
    if (!run) throw new Error(`There is no run '${name}' in ${entity}/${project}.`);
    const item = run.item;
    const stop = item && !item.finishedAt ? h("button", { class: "quiet", type: "button", disabled: item.cancelRequested, onclick: async () => { await query(CANCEL, { input: { ids: [item.id] } }); load().catch(showError); } }, item.cancelRequested ? "Stopping…" : "Stop") : null;
    fill(title, h("h1", {}, run.displayName || run.name), phaseBadge(item ? item.phase : run.state.toUpperCase()), h("span", { class: "faint" }, `${entity} / ${project}`), h("span", { class: "spring" }), stop);
    const trouble = item?.error?.message ?? item?.waitReason;
    fill(details, runFacts(run, item), trouble ? h("section", { class: "panel" }, h("div", { class: item.error ? "body error" : "body" }, trouble)) : null, (item?.warnings ?? []).map((warning) => h("section", { class: "panel" }, h("div", { class: "body" }, "Warning: ", warning.message))));
    fill(story, item ? timeline(item) : null);
  };
  const stopLog = followLog(address, log);
  const refreshed = keepFresh(`run:${entity}/${project}/${name}`, load);
  const stopEvents = stopWatching;
  stopWatching = () => { stopLog(); stopEvents(); };
  return refreshed;
}

function route(entities) {
  const parts = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (parts.length === 4 && parts[2] === "runs") {
    entityChoice.value = parts[0];
    return showRun(parts[0], parts[1], parts[3]);
  }
  const entity = parts.length === 2 ? parts[0] : localStorage.getItem("entity") ?? entities[0];
  const chosen = entities.includes(entity) || parts.length === 2 ? entity : entities[0];
  entityChoice.value = chosen;
  return showLaunch(chosen);
}

async function begin() {
  const who = await api("GET", "/api/session");
  // The entity that a person works in by default comes first.
  const { viewer } = await query("{ viewer { entity } }");
  who.entities.sort((a, b) => Number(b === viewer.entity) - Number(a === viewer.entity));
  document.getElementById("who").textContent = who.username;
  document.getElementById("sign-out").hidden = false;
  fill(entityChoice, who.entities.map((name) => h("option", { value: name }, name)));
  entityChoice.hidden = who.entities.length < 2;
  await route(who.entities);
}

entityChoice.addEventListener("change", () => {
  localStorage.setItem("entity", entityChoice.value);
  history.pushState(null, "", `/${encodeURIComponent(entityChoice.value)}/launch`);
  showLaunch(entityChoice.value);
});
document.getElementById("sign-out").addEventListener("click", async () => { await signOut().catch(() => {}); showSignIn(); });
begin().catch(showError);
