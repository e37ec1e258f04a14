#include "plugins/builders/docker/helper_scripts.h"

namespace slipway::plugins::builders::docker {

const char* const kPreparePython = R"script(set -u
wanted="python$1"
apt_ready=no
apt_install() {
  command -v apt-get >/dev/null || return 1
  if [ "$apt_ready" = no ]; then apt-get update && apt_ready=yes; fi
  apt-get install -y --no-install-recommends "$@"
}
if command -v "$wanted" >/dev/null || apt_install "$wanted" "$wanted-venv"; then
  python="$wanted"
elif command -v python3 >/dev/null || apt_install python3 python3-venv; then
  python=python3
  echo "slipway: warning: the base image has no Python $1 and its package lists neither; $(python3 --version) is used"
else
  echo "The base image has no Python, and apt-get cannot install one. Use a Debian based image with Python." >&2
  exit 1
fi
"$python" -m venv --system-site-packages /env || {
  rm -rf /env
  apt_install "$python-venv" && "$python" -m venv --system-site-packages /env
} || exit 1
rm -rf /var/lib/apt/lists/*
)script";

const char* const kInstallConda = R"script(set -eu
for tool in micromamba mamba conda; do
  command -v "$tool" >/dev/null || continue
  case "$tool" in
    micromamba) exec micromamba create --yes --prefix /env --file /slipway/environment.yml ;;
    *) exec "$tool" env create --prefix /env --file /slipway/environment.yml ;;
  esac
done
echo "The base image has none of micromamba, mamba and conda. Set builder.conda-image to an image that has one." >&2
exit 1
)script";

const char* const kInstallFrozen = R"script(import re
import subprocess
import sys

TORCH_INDEX = "https://download.pytorch.org/whl/"


def pip(lines, extra=()):
    return subprocess.run([sys.executable, "-m", "pip", "install", *extra, *lines]).returncode == 0


def install(lines, extra=()):
    """All at once when that works, else one by one, leaving out what cannot be had."""
    if not lines or pip(lines, extra):
        return []
    if len(lines) == 1:
        return lines
    return [line for line in lines if not pip([line], ("--retries", "1", *extra))]


def main():
    plain, local = [], {}
    for raw in open(sys.argv[1], encoding="utf-8", errors="replace"):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        # Development builds of the client are on no index.
        if re.match(r"wandb==.*dev", line):
            line = "wandb"
        # An option in a list of frozen packages is nobody's intention.
        if line.startswith("-"):
            print("slipway: warning: ignored the option " + line, flush=True)
            continue
        torch = re.match(r"torch\w*==\S+\+(cu\d+|cpu|rocm[\d.]+)$", line)
        local.setdefault(torch.group(1), []).append(line) if torch else plain.append(line)
    failed = install(plain)
    for build, lines in local.items():
        failed += install(lines, ("--extra-index-url", TORCH_INDEX + build))
    for line in failed:
        print("slipway: warning: could not install " + line, flush=True)


main()
)script";

}  // namespace slipway::plugins::builders::docker
