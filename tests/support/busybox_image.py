"""busybox_image.py TAR: the image slipway-test/busybox:1 as a Docker archive, made of the machine's own static busybox."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile

PASSWD = b"root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n"


def add_file(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))


def layer(busybox: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for folder, mode in (("bin", 0o755), ("etc", 0o755), ("tmp", 0o1777)):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        add_file(tar, "etc/passwd", PASSWD, 0o644)
        with open(busybox, "rb") as program:
            add_file(tar, "bin/busybox", program.read(), 0o755)
        for applet in subprocess.run([busybox, "--list"], capture_output=True, check=True, text=True).stdout.split():
            if applet == "busybox":
                continue
            entry = tarfile.TarInfo(f"bin/{applet}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(entry)
    return out.getvalue()


def main(target: str) -> None:
    busybox = shutil.which("busybox")
    if busybox is None:
        sys.exit("busybox is missing: apt-get install busybox-static")
    content = layer(busybox)
    # The command lets the same image serve as the pause container of pods.
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Cmd": ["/bin/sleep", "2147483647"], "Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(content).hexdigest()]},
    }).encode()
    manifest = [{"Config": "config.json", "RepoTags": ["docker.io/slipway-test/busybox:1"], "Layers": ["layer.tar"]}]
    with tarfile.open(target, "w") as tar:
        add_file(tar, "layer.tar", content, 0o644)
        add_file(tar, "config.json", config, 0o644)
        add_file(tar, "manifest.json", json.dumps(manifest).encode(), 0o644)


if __name__ == "__main__":
    main(sys.argv[1])
