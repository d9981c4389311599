"""A watcher over volumes that tell nothing of changes: bindfs, and SMB through a server of our own."""

import os
import pathlib
import signal
import subprocess
import time

from desk import Desk, text, until

INTERVAL = 2
WATCH = ("--interval", str(INTERVAL), "--settle", "100")


def elsewhere(root, cases):
    return Desk(root, settings=f"duong_dan:\n  ho_so: {cases}\n")


def rendered(remote, number):
    from desk import code

    return remote / code(number) / "du-thao/phieu-tiep-nhan.du-thao.pdf"


def remote_changes(desk, remote, first, count):
    """Seconds from a change behind the volume's back to its PDF, the longest of some."""
    from desk import code

    longest = 0.0
    for number in range(first, first + count):
        (remote / f"{code(number)}.yaml").write_text(text(number))
        longest = max(longest, until(lambda: rendered(remote, number).exists(), 60, f"case {number}", 0.02))
    return longest


def bindfs(root):
    backing, mounted = root / "backing", root / "bindfs"
    backing.mkdir()
    mounted.mkdir()
    subprocess.run(["bindfs", backing, mounted], check=True)
    try:
        desk = elsewhere(root / "bindfs-desk", mounted)
        desk.watch(*WATCH, log=root / "bindfs.log")
        longest = remote_changes(desk, backing, 1, 10)
        desk.stop()
        said = (root / "bindfs.log").read_text()
    finally:
        subprocess.run(["fusermount3", "-u", mounted])
    if "FUSE" not in said:
        raise SystemExit("the watcher does not say that it polls")
    yield "bindfs", f"remote change → PDF, 10 changes, interval {INTERVAL} s", f"longest {longest:.1f} s"
    if longest > 2 * INTERVAL:
        raise SystemExit("more than two intervals")


class Server:
    """smbd on the loopback, with everything it writes below `root`."""

    def __init__(self, root):
        self.root, self.share, self.mount = root, root / "share", root / "mount"
        for name in ("share", "mount", "private", "home/.smb"):
            (root / name).mkdir(parents=True, exist_ok=True)
        private = root / "private"
        folders = "".join(f"  {name} = {private}\n" for name in (
            "private dir", "lock directory", "state directory", "cache directory", "pid directory", "ncalrpc dir"))
        (root / "smb.conf").write_text(
            "[global]\n  server role = standalone server\n  interfaces = 127.0.0.1/8\n  bind interfaces only = yes\n"
            "  smb ports = 445\n  map to guest = Bad User\n  guest account = root\n  disable netbios = yes\n"
            f"  log file = {root}/smbd.log\n{folders}[share]\n  path = {self.share}\n  guest ok = yes\n"
            "  read only = no\n  force user = root\n")
        settings = root / "home/.smb"
        (settings / "smbnetfs.conf").write_text('auth "localhost" "guest" ""\ninclude "smbnetfs.auth"\n')
        for name in ("smbnetfs.auth", "smb.conf"):
            (settings / name).touch()
        for path in settings.iterdir():
            path.chmod(0o600)
        self.pid = private / "smbd.pid"
        self.number = 0

    def start(self):
        subprocess.run(["smbd", "-D", "-s", self.root / "smb.conf"], check=True, start_new_session=True)
        until(self.pid.exists, 30, "smbd", 0.1)
        self.number = int(self.pid.read_text())

    def stop(self):
        os.kill(self.number, signal.SIGTERM)
        until(lambda: not pathlib.Path(f"/proc/{self.number}").exists(), 60, "the end of smbd", 0.1)
        self.pid.unlink(missing_ok=True)

    def connect(self):
        subprocess.run(["smbnetfs", self.mount], check=True, env={**os.environ, "HOME": str(self.root / "home")})
        folder = self.mount / "127.0.0.1/share"

        def is_there():
            try:
                os.listdir(folder)
                return True
            except OSError:
                return False

        until(is_there, 60, "the share", 0.2)
        return folder

    def disconnect(self):
        subprocess.run(["fusermount3", "-u", "-z", self.mount])


def smb(root):
    server = Server(root / "smb")
    server.start()
    try:
        mounted = server.connect()
        desk = elsewhere(root / "smb-desk", mounted)
        desk.watch(*WATCH, log=root / "smb.log")
        longest = remote_changes(desk, server.share, 1, 10)
        yield "SMB", f"remote change → PDF, 10 changes, interval {INTERVAL} s", f"longest {longest:.1f} s"
        if longest > 2 * INTERVAL:
            raise SystemExit("more than two intervals")

        # The server stops while cases come in; what was written to its disk meanwhile is found when it is back.
        from desk import code

        before = {p.name: p.read_bytes() for p in server.share.glob("*.yaml")}
        for number in range(11, 31):
            (server.share / f"{code(number)}.yaml").write_text(text(number))
            if number == 20:
                server.stop()
                time.sleep(3 * INTERVAL)
        server.start()
        back = until(lambda: all(rendered(server.share, n).exists() for n in range(1, 31)), 120, "all cases", 0.05)
        desk.idle(settled=0.2)
        lost = [name for name, data in before.items() if (server.share / name).read_bytes() != data]
        drafts = len(list(server.share.glob("*/du-thao/*.pdf")))
        desk.stop()
        yield "SMB", "server stopped and started under 30 cases", f"{drafts} drafts, {len(lost)} lost, {back:.1f} s after its return"
        if lost or drafts != 30:
            raise SystemExit("something was lost")
    finally:
        server.disconnect()
        server.stop()
