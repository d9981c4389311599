#!/usr/bin/env python3
"""A folder over another that fails. Usage: shaky.py BACKING MOUNTPOINT N KIND MODE COUNTFILE

The N-th operation on the mounted folder fails with KIND (EIO, ENOTCONN, …); in MODE "once" it alone, in "on" it and all after it;
in "never" none. COUNTFILE gets the number of operations when the folder is unmounted.
"""

import errno
import os
import sys
import threading

from fusepy import FUSE, FuseOSError, Operations


class Shaky(Operations):
    def __init__(self, backing, number, kind, mode, counter):
        self.backing, self.number, self.kind, self.mode, self.counter = backing, number, kind, mode, counter
        self.count, self.lock = 0, threading.Lock()

    def __call__(self, operation, path, *args):
        # What the kernel asks by itself at mounting and unmounting is no operation of the program's.
        if operation not in ("init", "destroy", "statfs", "release", "releasedir", "opendir", "access"):
            with self.lock:
                self.count += 1
                count = self.count
            due = count == self.number if self.mode == "once" else count >= self.number
            if due and self.mode != "never":
                raise FuseOSError(self.kind)
        return super().__call__(operation, path, *args)

    def destroy(self, path):
        with open(self.counter, "w", encoding="ascii") as file:
            file.write(f"{self.count}\n")

    def at(self, path):
        return os.path.join(self.backing, path.lstrip("/"))

    def getattr(self, path, fh=None):
        found = os.lstat(self.at(path))
        names = ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid")
        return {name: getattr(found, name) for name in names}

    def readdir(self, path, fh):
        return [".", ".."] + sorted(os.listdir(self.at(path)))

    def readlink(self, path):
        return os.readlink(self.at(path))

    def mkdir(self, path, mode):
        return os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        return os.rmdir(self.at(path))

    def unlink(self, path):
        return os.unlink(self.at(path))

    def rename(self, old, new):
        return os.rename(self.at(old), self.at(new))

    def chmod(self, path, mode):
        return os.chmod(self.at(path), mode)

    def utimens(self, path, times=None):
        return os.utime(self.at(path), times)

    def open(self, path, flags):
        return os.open(self.at(path), flags)

    def create(self, path, mode, fi=None):
        return os.open(self.at(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)

    def read(self, path, length, offset, fh):
        return os.pread(fh, length, offset)

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        return os.truncate(self.at(path), length)

    def fsync(self, path, datasync, fh):
        return os.fsync(fh)

    def fsyncdir(self, path, datasync, fh):
        return 0

    def flush(self, path, fh):
        return 0

    def release(self, path, fh):
        return os.close(fh)

    def statfs(self, path):
        found = os.statvfs(self.at(path))
        names = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize", "f_namemax")
        return {name: getattr(found, name) for name in names}


def main():
    backing, mountpoint, number, kind, mode, counter = sys.argv[1:]
    shaky = Shaky(os.path.abspath(backing), int(number), getattr(errno, kind), mode, os.path.abspath(counter))
    # Nothing is kept by the kernel: each look of the program is an operation.
    FUSE(shaky, mountpoint, foreground=True, nothreads=True, attr_timeout=0, entry_timeout=0, negative_timeout=0, direct_io=True)


if __name__ == "__main__":
    main()
