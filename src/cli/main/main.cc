#include <clocale>
#include <cstring>
#include <exception>
#include <iostream>

#include "cli/command.h"
#include "plugins/runners/local_process/supervise.h"

int main(int argc, char** argv) {
  // A supervisor outlives the agent and there is one a job: it takes the short way.
  if (argc > 1 && std::strcmp(argv[1], "supervise") == 0)
    return slipway::plugins::runners::local_process::supervise_main(argc - 1, argv + 1);
  try {
    auto terminal = slipway::cli::process_terminal();
    return slipway::cli::run_command_line(argc, argv, terminal);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << " (this is a defect of slipway)\n";
    return 70;
  }
}
