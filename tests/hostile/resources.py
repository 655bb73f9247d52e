"""Code that wants all the time, memory, processes, disk or output there is.

Each bomb is bounded by itself, so that a missing limit is a finding and takes no machine down.
"""

from nbformat.notebooknode import NotebookNode

from tests.hostile.case import HUMAN, SCORED, WARNED, each, submission
from tests.hostile.kit import Kit

GROUP = "resources"
BODY = "def kl_normal(mean_p, log_var_p, mean_q, log_var_q):\n"
STUBBORN = (
    "import signal, time\nend = time.time() + 300\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "while time.time() < end:\n    try:\n        time.sleep(1)\n"
    "    except BaseException:\n        pass"
)

each(
    GROUP,
    {
        "loop": "<WRONG>\nimport time\nend = time.time() + 300\nwhile time.time() < end:\n    pass",
        "loop_in_the_answer": BODY + "    while True:\n        pass",
        "loop_that_ignores": f"<WRONG>\n{STUBBORN}",
        "loop_in_c": "<WRONG>\nx = pow(7, 3**19)\ny = str(x)",
        "asleep_in_the_answer": BODY + "    import time\n    time.sleep(300)",
        "stopped": "<WRONG>\nimport os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "regular_expression": "<WRONG>\nimport re\nre.match('(a+)+$', 'a' * 40 + 'b')",
        "deadlock": "<WRONG>\nimport threading\na = threading.Lock()\na.acquire()\na.acquire()",
        "slow_answer": BODY + "    import time\n    time.sleep(4)\n    return 0.0 * mean_p",
    },
    slow=True,
)


@submission(GROUP, slow=True, statuses=WARNED, loose=("all",))
def asleep_in_every_cell(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for _ in range(12):
        kit.with_cell(notebook, "import time\ntime.sleep(4)")
    return notebook


each(
    GROUP,
    {
        "deep_folder_of_sockets": "<WRONG>\nimport glob, os\nhome = os.getcwd()\n"
        "os.chdir(glob.glob('/run/kernel/k*')[0])\nfor _ in range(1500):\n    os.mkdir('d')\n"
        "    os.chdir('d')\nos.chdir(home)",
    },
)
each(
    GROUP,
    {
        "exit": "<WRONG>\nexit()",
        "exit_in_the_answer": BODY + "    exit()",
        "quit_at_once": "<WRONG>\nimport os\nos._exit(0)",
        "quit_in_the_answer": BODY + "    import os\n    os._exit(0)",
        "system_exit": "<WRONG>\nraise SystemExit(5.0)",
        "segmentation_fault": BODY + "    import ctypes\n    ctypes.string_at(0)",
        "aborted": "<WRONG>\nimport os\nos.abort()",
        "killed_by_itself": "<WRONG>\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "stack_overflow": "<WRONG>\nimport sys\nsys.setrecursionlimit(10**9)\n"
        "def f(x):\n    return f([x])\nf(1)",
        "recursion": BODY + "    return kl_normal(mean_p, log_var_p, mean_q, log_var_q)",
        "forks": "<WRONG>\nimport os, time\nfor _ in range(200):\n    if os.fork() == 0:\n"
        "        time.sleep(30)\n        os._exit(0)\ntime.sleep(5)",
        "forks_in_the_answer": BODY + "    import os\n    os.fork()\n    return 0.0 * mean_p",
        "threads": "<WRONG>\nimport threading, time\nfor _ in range(200):\n"
        "    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()",
        "memory": "<WRONG>\nimport time\nx = [np.ones(2**26) for _ in range(10)]\ntime.sleep(10)",
        "memory_in_the_answer": BODY + "    import time\n"
        "    x = [np.ones(2**26) for _ in range(10)]\n    time.sleep(5)\n    return 0.0 * mean_p",
        "memory_of_children": "<WRONG>\nimport os, time\nfor _ in range(5):\n"
        "    if os.fork() == 0:\n        x = np.ones(2**27)\n        time.sleep(10)\n"
        "        os._exit(0)\ntime.sleep(10)",
        "memory_without_a_process": "<WRONG>\nimport os, time\nfiles = []\nfor _ in range(5):\n"
        "    fd = os.memfd_create('x')\n    files.append(fd)\n    for _ in range(1000):\n"
        "        os.write(fd, bytes(2**20))\ntime.sleep(5)",
        "disk": "<WRONG>\nfor folder in ('/tmp', '/dev/shm', '.'):\n    try:\n"
        "        with open(f'{folder}/big', 'wb') as f:\n            for _ in range(1500):\n"
        "                f.write(bytes(2**20))\n    except OSError as e:\n        print(e)",
        "many_files": "<WRONG>\nfor n in range(20_000):\n    open(f'/tmp/{n}', 'w').close()",
        "lines": "<WRONG>\nfor n in range(300_000):\n    print(n)",
        "one_line": "<WRONG>\nprint('x' * 60_000_000)",
        "displays": "<WRONG>\nfor n in range(100_000):\n    display(n)",
        "pictures": "<WRONG>\nfrom IPython.display import Image\nfor _ in range(20):\n"
        "    display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(5_000_000), format='png'))",
        "cleared": "<WRONG>\nfrom IPython.display import clear_output\nfor n in range(20_000):\n"
        "    print('x' * 100)\n    clear_output()",
        "errors_of_60_mb": "<WRONG>\nraise ValueError('x' * 60_000_000)",
        "printing_in_the_answer": BODY + "    print('x' * 50_000_000)\n    return 0.0 * mean_p",
        "raising_in_the_answer": BODY + "    raise ValueError('x' * 50_000_000)",
        "printing_past_python": "<WRONG>\nimport os\nfor fd in (1, 2):\n    for _ in range(60):\n"
        "        os.write(fd, b'x' * 1_000_000)",
        "message_of_300_mb": "<WRONG>\nk = get_ipython().kernel\nk.session.send(k.iopub_socket, "
        "'stream', {'name': 'stdout', 'text': 'x' * 300_000_000}, parent=k.get_parent('shell'))",
        "descriptors": "<WRONG>\nfiles = []\ntry:\n    while len(files) < 100_000:\n"
        "        files.append(open('/dev/null'))\nexcept OSError as e:\n    print(e)\n"
        "del files",
        "asks": "<WRONG>\ninput('your grade?')",
        "asks_for_a_word": "<WRONG>\nimport getpass, sys\ngetpass.getpass()\nsys.stdin.read()",
        "breakpoint": "<WRONG>\nbreakpoint()",
        "debugger": BODY + "    import pdb\n    pdb.set_trace()\n    return 0.0 * mean_p",
        "comms": "<WRONG>\nimport ipywidgets\nfor _ in range(300):\n"
        "    display(ipywidgets.IntSlider())",
        "at_exit": "<WRONG>\nimport atexit, time, signal\natexit.register(time.sleep, 300)\n"
        "for s in (1, 2, 15):\n    signal.signal(s, signal.SIG_IGN)",
        "long_traceback": BODY + "    def f(n):\n        return f(n - 1) if n else 1 / 0\n"
        "    return f(900)",
        "zip_in_memory": BODY + "    return np.zeros((4, 10_000_000), dtype='U1')",
    },
)
# A timer ends every kernel, and with it whatever is asked then; a thread takes the others' time.
each(
    GROUP,
    {
        "quit_later": "<WRONG>\nimport os, threading\nthreading.Timer(0.5, os._exit, (1,)).start()",
        "printing_for_ever": "<WRONG>\nimport threading, time\ndef talk():\n"
        "    end = time.time() + 60\n    while time.time() < end:\n        print('x' * 10_000)\n"
        "threading.Thread(target=talk).start()",
    },
    loose=("all",),
)


@submission(GROUP, statuses=SCORED | HUMAN)
def two_thousand_own_cells(kit: Kit) -> NotebookNode:
    notebook = kit.notebook()
    for _ in range(2000):
        kit.with_cell(notebook, "print('x')", after="implied_beta")
    return notebook
