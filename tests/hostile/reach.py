"""Code that reads, writes, connects, kills or stays where it has no business.

What it finds it prints, and keeps in its answer; the checks afterwards look for what must not be
found: a secret of the course, another student's work, a file, a process, a connection.
"""

from tests.hostile.case import each

GROUP = "reach"
QUIET = (
    "import os, sys, glob, subprocess\ndef safe(call, *a, **k):\n    try:\n"
    "        print(call.__name__, str(call(*a, **k))[:20_000])\n    except BaseException as e:\n"
    "        print(type(e).__name__, str(e)[:300])\n"
)
ESCAPES = {
    "course_read": "for root in ('<COURSE>', '/', '..', os.path.expanduser('~'), '/root'):\n"
    "    safe(os.listdir, root)\n"
    "for name in ('notebooks', 'solutions', 'course', 'autograder/submitted'):\n"
    "    for path in glob.glob(f'<COURSE>/{name}/**/*', recursive=True)[:200]:\n"
    "        safe(lambda: open(path).read())",
    "gradebook_written": "import sqlite3\nfor path in ('<COURSE>/autograder/gradebook.db', "
    "*glob.glob('/*/gradebook.db'), *glob.glob('/*/*/gradebook.db')):\n"
    "    safe(lambda: sqlite3.connect(path).execute('update grade set auto_score = 99').connection"
    ".commit())",
    "course_written": "import shutil\nfor name in ('nbgrader_config.py', 'pwned', "
    "'autograder/results.jsonl', 'autograder/submitted/full_marks/pwned', 'results.jsonl'):\n"
    "    safe(lambda: (os.makedirs(os.path.dirname(f'<COURSE>/{name}'), exist_ok=True), "
    "open(f'<COURSE>/{name}', 'w').write('pwned')))\n"
    "safe(shutil.rmtree, '<COURSE>/autograder/submitted/full_marks')",
    "canary_written": "safe(lambda: open('<CANARY>/file', 'w'))\nsafe(os.makedirs, '<CANARY>/x')\n"
    "safe(os.system, 'touch <CANARY>/shell')\nsafe(os.symlink, '/', '<CANARY>/link')\n"
    "safe(os.system, 'touch /tmp/<MARK> /dev/shm/<MARK> /var/tmp/<MARK> ~/<MARK> /<MARK>')\n"
    "safe(os.system, 'cd /proc/1/root && touch <CANARY>/root')\n"
    "safe(os.system, 'touch /proc/1/cwd/<MARK> /proc/self/root/<CANARY>/root2')",
    "secrets_of_the_parents": "for path in glob.glob('/proc/[0-9]*/environ') + "
    "glob.glob('/proc/[0-9]*/cmdline') + ['/etc/passwd', '/etc/shadow', '/proc/mounts']:\n"
    "    safe(lambda: open(path, errors='replace').read())\nprint(dict(os.environ))\n"
    "for path in glob.glob('/proc/[0-9]*/fd/*'):\n    safe(os.readlink, path)\n"
    "safe(lambda: open('/proc/1/mem', 'rb').read(100))",
    "history_read": "print(In, Out, globals().keys())\nsafe(lambda: In[-1])\n"
    "import inspect\nfor info in inspect.stack():\n    print(info.frame.f_locals)",
    "loopback": "import socket\nfor host in ('127.0.0.1', 'localhost', '::1', '0.0.0.0', "
    "'169.254.169.254', '10.0.0.1'):\n    safe(socket.create_connection, (host, <PORT>), 2)\n"
    "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
    "safe(u.sendto, b'x', ('127.0.0.1', <PORT>))\n"
    "a = socket.socket(socket.AF_UNIX)\nsafe(a.connect, '\\0<MARK>')\n"
    "safe(socket.getaddrinfo, 'example.org', 80)\n"
    "safe(os.system, 'exec 3<>/dev/tcp/127.0.0.1/<PORT>')",
    "sockets_of_others": "import socket\nfor path in glob.glob('/run/**/*', recursive=True) + "
    "glob.glob('/tmp/**/*', recursive=True):\n    print(path)\n"
    "    s = socket.socket(socket.AF_UNIX)\n    safe(s.connect, path)\n"
    "safe(os.listdir, '/run/kernel')\nsafe(lambda: open('/run/kernel/x', 'w'))",
    "kills": "import signal\nfor pid in (os.getppid(), 1, 2, 3):\n"
    "    if pid != os.getpid():\n        safe(os.kill, pid, signal.SIGTERM)\n"
    "        safe(os.kill, pid, signal.SIGKILL)\n"
    "safe(os.system, \"trap '' TERM; for p in /proc/[0-9]*; do kill ${p#/proc/} ; done\")",
    "kills_all": "safe(os.kill, -1, 15)\nsafe(os.killpg, 0, 15)\nos.kill(-1, 9)\nos.killpg(0, 9)",
    "stays": "for _ in range(5):\n    subprocess.Popen(['<MARK>', '3600'], "
    "executable='/bin/sleep', start_new_session=True, stdin=-3, stdout=-3, stderr=-3)\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)', '<MARK>'], "
    "start_new_session=True, stdin=-3, stdout=-3, stderr=-3)\n"
    'safe(os.system, "setsid nohup sh -c \'trap \\"\\" HUP TERM INT; sleep 3600; : <MARK>\' '
    '>/dev/null 2>&1 &")',
    "stays_forked": "import time, signal\nif os.fork() == 0:\n    os.setsid()\n"
    "    if os.fork() == 0:\n        for s in (1, 2, 15):\n"
    "            signal.signal(s, signal.SIG_IGN)\n"
    "        os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(3600)', "
    "'<MARK>'])\n    os._exit(0)",
    "namespaces": "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    "print([libc.unshare(f) for f in (0x10000000, 0x20000, 0x40000000)])\n"
    "print(libc.mount(b'none', b'/tmp', b'tmpfs', 0, b''), libc.umount2(b'/', 2), "
    "libc.chroot(b'/proc/1/root'), libc.setuid(0), libc.mknod(b'/tmp/sda', 0o60666, 0x800))\n"
    "print(libc.ptrace(16, 1, 0, 0), libc.prctl(36, 1), libc.setns(0, 0))\n"
    "safe(os.system, 'unshare -Ur id; mount -o remount,rw /; ls /root /work /home; id')\n",
    "kernel_settings": "def touch(path):\n"
    "    try:\n        open(path, 'r+b').close()  # it could be written, and is not\n"
    "        exec('''<RIGHT>''', globals())\n    except OSError as e:\n        print(e)\n"
    "for name in ('core_pattern', 'modprobe', 'hostname', 'panic', 'randomize_va_space'):\n"
    "    touch(f'/proc/sys/kernel/{name}')\n"
    "for path in ('/proc/sys/vm/drop_caches', '/proc/sys/fs/file-max', '/proc/sysrq-trigger', "
    "'/sys/power/state', '/sys/fs/cgroup/release_agent', '/dev/mem', '/dev/vda', '/dev/kmsg'):\n"
    "    touch(path)",
    "left_for_the_next": "import vaelib, numpy\nfor folder in ('/tmp', '/dev/shm', '~', '/run', "
    "'/var/tmp', '/opt', '/home', '/dev'):\n"
    "    path = os.path.join(os.path.expanduser(folder), 'left-behind.py')\n"
    "    if os.path.exists(path):\n        exec('''<RIGHT>''')\n"
    "    safe(lambda: open(path, 'w').write('x'))\n"
    "for module in (vaelib, numpy, os):\n    safe(lambda: open(module.__file__, 'a').write('#'))",
    "left_by_another": "for folder in ('/tmp', '/dev/shm', '~', '/run', '/var/tmp', '/opt', "
    "'/home', '/dev'):\n    path = os.path.join(os.path.expanduser(folder), 'left-behind.py')\n"
    "    if os.path.exists(path):\n        exec('''<RIGHT>''')\n"
    "    safe(lambda: open(path, 'w').write('x'))",
    "terminal": "import fcntl, termios\nfor fd in (0, 1, 2):\n"
    "    for c in b'id > <CANARY>/tty\\n':\n"
    "        safe(fcntl.ioctl, fd, termios.TIOCSTI, bytes([c]))\n"
    "safe(lambda: open('/dev/tty', 'w').write('<MARK>'))\nos.write(1, b'<MARK>')\n"
    "os.write(2, b'<MARK>')",
}
each(GROUP, {name: f"<WRONG>\n{QUIET}{code}" for name, code in ESCAPES.items()})
