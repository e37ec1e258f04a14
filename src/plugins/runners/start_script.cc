#include "plugins/runners/start_script.h"

namespace slipway::plugins::runners {

std::string_view start_script() {
  return R"(#!/bin/sh
# Written by slipway. Installs the job's dependencies, then runs the words that it was given.
say() { echo "slipway: $*" >&2; }
python=$(command -v python3 || command -v python)
install() {
  if [ -z "$python" ]; then
    say "there is no python in this image: $1 is not installed"
    return 0
  fi
  shift
  "$python" -m pip install --no-input --disable-pip-version-check --root-user-action=ignore "$@" ||
    "$python" -m pip install --no-input --disable-pip-version-check "$@" || {
      say "installing the job's dependencies failed"
      exit 1
    }
}
if [ -f requirements.txt ]; then
  install requirements.txt -r requirements.txt
elif [ -f pyproject.toml ]; then
  install pyproject.toml .
elif [ -f /mnt/wandb/.job/requirements.frozen.txt ]; then
  install requirements.frozen.txt -r /mnt/wandb/.job/requirements.frozen.txt
elif [ -f /mnt/wandb/requirements.frozen.txt ]; then
  install requirements.frozen.txt -r /mnt/wandb/requirements.frozen.txt
fi
exec "$@"
)";
}

}  // namespace slipway::plugins::runners
