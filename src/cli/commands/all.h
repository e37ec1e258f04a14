// Every command's factory. The classes stay in their own files.
#pragma once
#include <memory>

#include "cli/command.h"

namespace slipway::cli::commands {

std::unique_ptr<Command> make_login();
std::unique_ptr<Command> make_up();
std::unique_ptr<Command> make_server();
std::unique_ptr<Command> make_launch_agent();
std::unique_ptr<Command> make_launch();
std::unique_ptr<Command> make_queue_create();
std::unique_ptr<Command> make_queue_list();
std::unique_ptr<Command> make_queue_get();
std::unique_ptr<Command> make_queue_update();
std::unique_ptr<Command> make_queue_pause();
std::unique_ptr<Command> make_queue_resume();
std::unique_ptr<Command> make_queue_delete();
std::unique_ptr<Command> make_queue_items();
std::unique_ptr<Command> make_item_describe();
std::unique_ptr<Command> make_item_cancel();
std::unique_ptr<Command> make_item_priority();
std::unique_ptr<Command> make_item_requeue();
std::unique_ptr<Command> make_item_delete();
std::unique_ptr<Command> make_job_create_git();
std::unique_ptr<Command> make_job_create_code();
std::unique_ptr<Command> make_job_create_image();
std::unique_ptr<Command> make_job_list();
std::unique_ptr<Command> make_job_describe();
std::unique_ptr<Command> make_run_list();
std::unique_ptr<Command> make_run_logs();
std::unique_ptr<Command> make_run_describe();
std::unique_ptr<Command> make_run_stop();
std::unique_ptr<Command> make_agent_list();
std::unique_ptr<Command> make_agent_pause();
std::unique_ptr<Command> make_agent_resume();
std::unique_ptr<Command> make_agent_drain();
std::unique_ptr<Command> make_agent_stop();
std::unique_ptr<Command> make_team_create();
std::unique_ptr<Command> make_user_create();
std::unique_ptr<Command> make_member_set();
std::unique_ptr<Command> make_key_create();
std::unique_ptr<Command> make_key_list();
std::unique_ptr<Command> make_key_revoke();
std::unique_ptr<Command> make_audit_list();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_supervise();

}  // namespace slipway::cli::commands
