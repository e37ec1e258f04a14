#include "cli/command.h"
#include "cli/commands/all.h"

namespace slipway::cli {

const std::vector<CommandRow>& command_table() {
  using namespace commands;
  static const std::vector<CommandRow> table = {
      {"login", "Remember server and API key", make_login},
      {"up", "Server and agent in one, for a workstation", make_up, false},
      {"server", "Run the server", make_server, false},
      {"launch-agent", "Run an agent that takes items from queues", make_launch_agent, false},
      {"launch", "Launch a job: onto a queue, or here and now", make_launch},
      {"queue create", "Create a queue", make_queue_create},
      {"queue list", "List queues", make_queue_list},
      {"queue get", "Show a queue with its configuration", make_queue_get},
      {"queue update", "Change a queue", make_queue_update},
      {"queue pause", "Lease nothing more from a queue", make_queue_pause},
      {"queue resume", "Lease from a paused queue again", make_queue_resume},
      {"queue delete", "Delete a queue and its waiting items", make_queue_delete},
      {"queue items", "List the items of a queue", make_queue_items},
      {"item describe", "Show an item: timeline, wait reason, request", make_item_describe},
      {"item cancel", "Cancel items", make_item_cancel},
      {"item priority", "Change the priority of waiting items", make_item_priority},
      {"item requeue", "Run an ended item again, at its old place", make_item_requeue},
      {"item delete", "Remove a waiting or ended item", make_item_delete},
      {"job create git", "Create a job from a git repository", make_job_create_git},
      {"job create code", "Create a job from a directory", make_job_create_code},
      {"job create image", "Create a job from a container image", make_job_create_image},
      {"job list", "List the jobs of a project", make_job_list},
      {"job describe", "Show a job", make_job_describe},
      {"run list", "List the runs of a project", make_run_list},
      {"run logs", "Show or follow the output of a run", make_run_logs},
      {"run describe", "Show a run: state, exit code, timeline", make_run_describe},
      {"run stop", "Stop a run", make_run_stop},
      {"agent list", "List agents", make_agent_list},
      {"agent pause", "An agent takes no new items until it is resumed", make_agent_pause},
      {"agent resume", "A paused agent takes items again", make_agent_resume},
      {"agent drain", "An agent takes no new items and leaves when its jobs have ended", make_agent_drain},
      {"agent stop", "An agent leaves at once; its jobs go on and are adopted", make_agent_stop},
      {"team create", "Create a team", make_team_create},
      {"user create", "Create a person or a service account", make_user_create},
      {"member set", "Give a member of a team a role, or remove it", make_member_set},
      {"key create", "Create an API key", make_key_create},
      {"key list", "List your API keys", make_key_list},
      {"key revoke", "Revoke an API key", make_key_revoke},
      {"audit list", "Who changed what", make_audit_list},
      {"doctor", "Check what an agent needs, and say how to mend what is missing", make_doctor},
      {"completion", "Print a completion script for bash, zsh or fish", make_completion, false},
      {"supervise", "Run one job of the local-process runner", make_supervise, false, true},
  };
  return table;
}

std::string group_summary(const std::string& words) {
  if (words == "job create") return "Create a job";
  if (words == "audit") return "Look at the audit log";
  if (words == "member") return "Work with members of a team";
  return "Work with " + words + "s";
}

}  // namespace slipway::cli
