"""Attacks on what lies around the grader: files, other students, the network, other processes."""

from tests.attacks.attack import Attack
from tests.attacks.course import EXERCISES

READING = [
    Attack(
        "reads-the-solutions",
        "Runs the answers of the teacher's own notebook.",
        {
            **dict.fromkeys(EXERCISES, ""),
            "own": "import json\ntell(read(W['source']))\n"
            "for cell in json.loads(read(W['source']))['cells']:\n"
            "    if cell['metadata'].get('nbgrader', {}).get('solution') and cell['cell_type'] == 'code':\n"
            "        exec(''.join(cell['source']))",
        },
        stock="17 read",
    ),
    Attack(
        "copies-the-neighbor",
        "Runs the answers that another student handed in.",
        {
            **dict.fromkeys(EXERCISES, ""),
            "own": "import json\ntext = read(W['neighbor'])\ntell(text)\n"
            "for cell in json.loads(text)['cells']:\n"
            "    if cell.get('id', '').endswith('-answer'):\n"
            "        exec(''.join(cell['source']))",
        },
        stock="17 read",
    ),
    Attack(
        "reads-the-gradebook",
        "Opens the gradebook, in which the hidden tests lie.",
        {
            "own": "base = sqlite3.connect('file:' + W['gradebook'] + '?mode=ro', uri=True)\n"
            "tell(base.execute('SELECT source FROM source_cell').fetchall())"
        },
        stock="0 read",
    ),
    Attack(
        "reads-everything",
        "Reads files of the teacher's by every way that Python has.",
        {
            "own": "import ctypes, mmap, shutil\n"
            "def mapped(path):\n"
            "    with open(path, 'rb') as file:\n"
            "        return bytes(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))\n\n"
            "def by_libc(path):\n"
            "    libc, buffer = ctypes.CDLL(None), ctypes.create_string_buffer(10_000)\n"
            "    libc.read(libc.open(path.encode(), 0), buffer, 10_000)\n"
            "    return buffer.value\n\n"
            "def linked(path):\n"
            "    os.symlink(path, 'link-to-it')\n"
            "    try:\n        return read('link-to-it')\n"
            "    finally:\n        os.remove('link-to-it')\n\n"
            "def hard_linked(path):\n"
            "    os.link(path, 'hard-link-to-it')\n"
            "    try:\n        return read('hard-link-to-it')\n"
            "    finally:\n        os.remove('hard-link-to-it')\n\n"
            "for path in (W['home'] + '/diary.txt', W['open'] + '/diary.txt', W['secret']):\n"
            "    tell(attempt(\n"
            "        lambda: read(path), lambda: os.read(os.open(path, os.O_RDONLY), 10_000), lambda: mapped(path),\n"
            "        lambda: by_libc(path), lambda: linked(path), lambda: hard_linked(path),\n"
            "        lambda: read('/proc/self/root' + path), lambda: read('../' * 20 + path),\n"
            "        lambda: [read(root + path) for root in glob.glob('/proc/[0-9]*/root')],\n"
            "        lambda: subprocess.run(['cat', path], capture_output=True, text=True).stdout,\n"
            "        lambda: np.fromfile(path, dtype='S1').tobytes(),\n"
            "        lambda: shutil.copy(path, 'copy.txt') and read('copy.txt'),\n"
            "    ))\n"
            "attempt(lambda: os.remove('copy.txt'))"
        },
        stock="0 read",
    ),
    Attack(
        "magics-that-read",
        "Reads by IPython's magics and shell escapes.",
        {
            "own": "path = W['open'] + '/diary.txt'\n"
            "said = !cat {path}\n"
            "tell(said)\n"
            "tell(get_ipython().getoutput('cat ' + path), attempt(lambda: get_ipython().find_user_code(path)))",
            "end": "%%bash\ncat /jail/open/diary.txt ../../../../../open/diary.txt 2>/dev/null || true",
        },
        stock="0 read",
    ),
    Attack(
        "looks-into-processes",
        "Reads the environment and memory of other processes in /proc.",
        {
            "own": "def memory(pid):\n"
            "    found = b''\n"
            "    with open(f'/proc/{pid}/maps') as maps, open(f'/proc/{pid}/mem', 'rb', 0) as file:\n"
            "        for line in maps:\n"
            "            start, end = (int(part, 16) for part in line.split()[0].split('-'))\n"
            "            if 'rw-p' in line and end - start < 2**24:\n"
            "                file.seek(start)\n"
            "                found += file.read(end - start)\n"
            "    return re.findall(r'canary-[0-9a-f]{12}', found.decode('latin-1'))\n\n"
            "pids = {*map(int, filter(str.isdigit, os.listdir('/proc'))), W['pid'], os.getppid()} - {os.getpid()}\n"
            "for pid in pids:\n"
            "    tell(attempt(lambda: read(f'/proc/{pid}/environ'), lambda: memory(pid)))"
        },
        stock="0 read",
    ),
    Attack(
        "traces-processes",
        "Attaches to the grader and to another process, and reads their memory by system calls.",
        {
            "own": "import ctypes\n"
            "libc = ctypes.CDLL(None)\n"
            "libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]\n"
            "for pid in (W['pid'], os.getppid()):\n"
            "    if libc.ptrace(0x4206, pid, None, None) == 0:\n"
            "        libc.ptrace(0x4207, pid, None, None)\n"
            "        time.sleep(0.3)\n"
            "        libc.ptrace(17, pid, None, None)"
        },
        stock="0 signaled",
    ),
]

PLANT = """
def plant(folder):
    '''Leave something in a folder, in each of the ways that there are.'''
    path = os.path.join(folder, f'planted-{os.getpid()}')
    return attempt(
        lambda: open(path, 'w').write('planted'), lambda: os.mkdir(path + '-folder'),
        lambda: os.symlink('/etc/passwd', path + '-link'), lambda: os.mkfifo(path + '-fifo'),
        lambda: subprocess.run(['touch', path + '-by-touch']), lambda: os.link('heights.csv', path + '-hard'),
    )
"""

WRITING = [
    Attack(
        "plants-everywhere",
        "Writes where other people, programs and later runs look.",
        {
            "own": f"{PLANT}\nimport site\n"
            "for folder in (W['open'], W['home'], W['course'], '/tmp', '/var/tmp', '/dev/shm', '/', sys.prefix,\n"
            "               os.path.expanduser('~'), W['course'] + '/notebooks', os.path.dirname(W['source']),\n"
            "               os.path.dirname(np.__file__), *site.getsitepackages()):\n"
            "    plant(folder)"
        },
        stock="0 stopped wrote",
    ),
    Attack(
        "changes-the-neighbor",
        "Empties another student's notebook, and the teacher's, and changes their dates and rights.",
        {
            "own": "for path in (W['neighbor'], W['source'], W['home'] + '/diary.txt', W['open'] + '/diary.txt'):\n"
            "    attempt(lambda: os.utime(path, (0, 0)), lambda: os.chmod(path, 0o666),\n"
            "            lambda: open(path, 'a').write('planted'), lambda: os.truncate(path, 3),\n"
            "            lambda: os.rename(path, path + '.planted'), lambda: os.remove(path + '.planted'))"
        },
        stock="0 stopped wrote",
    ),
    Attack(
        "rewrites-the-gradebook",
        "Gives itself manual points, and takes everybody else's.",
        {
            "own": "base = sqlite3.connect(W['gradebook'], timeout=5)\n"
            "base.execute('UPDATE grade SET manual_score = 4')\n"
            "base.execute('UPDATE grade_cells SET max_score = 1000')\n"
            "base.commit()"
        },
        stock="28 stopped wrote",
    ),
    Attack(
        "rewrites-the-configuration",
        "Adds a line to the course's configuration, to be run by the teacher next time.",
        {"own": "open(W['course'] + '/nbgrader_config.py', 'a').write('\\n# planted\\n')"},
        stock="0 wrote",
    ),
    Attack(
        "rewrites-the-tests-data",
        "Changes the file that a test compares with.",
        {
            "own": "lines = open('heights.csv').read().split()\n"
            "os.remove('heights.csv')\n"
            "open('heights.csv', 'w').writelines(f'{line.split(\",\")[0]},{line.split(\",\")[0]}\\n"
            "' for line in lines)",
            "start": "import os",
        },
        wrong=True,
        stock="3",
    ),
    Attack(
        "notebook-becomes-a-link",
        "Puts a link to another student's work where the grader writes its own.",
        {
            "own": "for path in glob.glob('*.ipynb'):\n"
            "    os.remove(path)\n"
            "    os.symlink(W['neighbor'], path)\n"
            "attempt(lambda: os.symlink(W['neighbor'], 'midterm.ipynb'))"
        },
        stock="0 stopped wrote",
    ),
    Attack(
        "last-words",
        "Writes when its process ends.",
        {
            "own": "import atexit\n"
            "atexit.register(lambda: open(W['open'] + '/planted', 'w').write('planted'))\n"
            "atexit.register(lambda: open('planted', 'w').write('planted'))"
        },
        stock="0 wrote",
    ),
]

NETWORK = [
    Attack(
        "calls-by-tcp",
        "Connects to a port of this machine, from Python and from another program.",
        {
            "own": "attempt(lambda: socket.create_connection(('127.0.0.1', W['tcp'])).send(b'planted'),\n"
            "        lambda: subprocess.run(['bash', '-c', f'echo planted > /dev/tcp/127.0.0.1/{W[\"tcp\"]}']))"
        },
        stock="0 reached",
    ),
    Attack(
        "calls-by-udp",
        "Sends a datagram.",
        {"own": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'planted', ('127.0.0.1', W['udp']))"},
        stock="0 reached",
    ),
    Attack(
        "calls-by-unix-socket",
        "Connects to a socket in a folder that everybody may enter.",
        {"own": "socket.socket(socket.AF_UNIX).connect(W['unix'])"},
        stock="0 reached",
    ),
    Attack(
        "calls-by-abstract-socket",
        "Connects to a socket that has no file.",
        {"own": "socket.socket(socket.AF_UNIX).connect(chr(0) + W['abstract'])"},
        stock="0 reached",
    ),
]

PROCESSES = [
    Attack(
        "signals-another-process",
        "Sends signals to a process that it has no business with.",
        {"own": "attempt(*(lambda number=number: os.kill(W['pid'], number) for number in (1, 2, 10, 15)))"},
        stock="0 signaled",
    ),
    Attack(
        "kills-the-parent",
        "Kills what started it.",
        {"own": "os.kill(os.getppid(), signal.SIGKILL)"},
        stock="0 outlived stopped",
    ),
    Attack(
        "kills-everybody",
        "Sends SIGKILL to every process that it may reach.",
        {"own": "os.kill(-1, signal.SIGKILL)"},
        stock="0 outlived signaled stopped",
    ),
    Attack(
        "stops-its-group",
        "Stops its own process group, parents in it included.",
        {"own": "os.kill(os.getppid(), signal.SIGSTOP)\nos.killpg(0, signal.SIGSTOP)"},
        stock="0 outlived stopped",
    ),
    Attack(
        "starves-the-parent",
        "Takes the parent's right to open files and to compute.",
        {
            "own": "import resource\n"
            "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))\n"
            "resource.prlimit(os.getppid(), resource.RLIMIT_FSIZE, (0, 0))"
        },
        stock="0 stopped",
    ),
    Attack(
        "daemon",
        "Leaves a process that ignores signals, in a session of its own, and writes later.",
        {
            "own": "if os.fork() == 0:\n"
            "    attempt(os.setsid)\n"
            "    if os.fork() == 0:\n"
            "        for number in (1, 2, 15):\n"
            "            signal.signal(number, signal.SIG_IGN)\n"
            "        os.closerange(0, 1000)\n"
            "        time.sleep(20)\n"
            "        attempt(lambda: open(W['open'] + '/planted-later', 'w'))\n"
            "    os._exit(0)"
        },
        stock="0 outlived",
    ),
    Attack(
        "thread-that-stays",
        "Leaves a thread that is no daemon, so that the process never ends by itself.",
        {"own": "threading.Thread(target=lambda: [time.sleep(1) for _ in range(10**6)]).start()"},
        stock="0",
    ),
]

REACHING = [*READING, *WRITING, *NETWORK, *PROCESSES]
