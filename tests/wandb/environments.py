"""The real wandb package of one generation in a virtual environment, made once and kept until its requirements or the Python change.

    environments.py GENERATION FOLDER    prints the environment's Python
"""
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"


def generations():
    """Oldest first."""
    return sorted((path.stem for path in REQUIREMENTS.glob("*.txt")), key=lambda version: [int(part) for part in version.split(".")])


def environment(generation, folder):
    """Path of the Python of an environment below folder that has this generation."""
    wanted = REQUIREMENTS / f"{generation}.txt"
    key = hashlib.sha256(wanted.read_bytes() + platform.python_version().encode() + sys.executable.encode()).hexdigest()[:12]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / f"wandb-{generation}-{key}"
    complete = home / "complete"
    with open(folder / f"wandb-{generation}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            for old in folder.glob(f"wandb-{generation}-*"):
                shutil.rmtree(old)
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            # Wheels only: what would have to be compiled is not what users of the package run.
            install = [home / "bin/pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary", ":all:", "-r", wanted]
            subprocess.run(install, check=True, env={**os.environ, "PYTHONPYCACHEPREFIX": ""})
            complete.touch()
    return home / "bin/python"


if __name__ == "__main__":
    print(environment(sys.argv[1], sys.argv[2]))
