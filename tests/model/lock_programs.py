"""Random programs of locks, and what can be said of them with patience.

A program is a list of operations for each thread. `write` and `store` leave a value of their own; `read`
and `load` expect the one that they got in the run looked at: where another schedule gives them another, the
thread does something else, here nothing: it gives its locks back and ends. So what a run teaches holds of
each schedule in which the threads read the same.
"""
import collections
import itertools
import random

Op = collections.namedtuple("Op", "thread code object")
TAKES = {"lock": ("m", "w"), "try": ("m", "w"), "rdlock": ("r", "r"), "wrlock": ("r", "w")}
GIVES = {"unlock": "m", "rwunlock": "r"}


def lock_of(op):
    """The lock that an operation takes or gives back, with its mode, or None."""
    if op.code in TAKES:
        kind, mode = TAKES[op.code]
        return (kind, op.object), mode
    if op.code in GIVES:
        return (GIVES[op.code], op.object), None
    return None, None


def excludes(a, b):
    return a == "w" or b == "w"


class Maker:
    """Threads of nested sections. Thread 0 makes the others, and joins them before or at its end."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.threads = self.r.randint(2, 4)
        self.mutexes = self.r.randint(2, 4)
        self.rwlocks = self.r.choice([0, 0, 1])
        self.data = self.r.choice([0, 0, 0.2, 0.5])
        self.flags = self.r.choice([0, 0, 0.15])
        self.tries = self.r.choice([0, 0.1])

    def leaf(self, t, held):
        r = self.r
        mine = [n for (kind, n), mode in held.items() if kind == "m"]
        if mine and r.random() < self.data:
            return [Op(t, r.choice(["write", "read"]), r.choice(mine))]
        if r.random() < self.flags:
            return [Op(t, r.choice(["store", "load"]), r.randrange(2))]
        return [Op(t, "own", 0)] if r.random() < 0.3 else []

    def section(self, t, held, depth):
        free = [("m", n) for n in range(self.mutexes) if ("m", n) not in held]
        free += [("r", n) for n in range(self.rwlocks) if ("r", n) not in held]
        if not free or depth == 3:
            return self.leaf(t, held)
        kind, n = self.r.choice(free)
        take = "lock" if kind == "m" else self.r.choice(["rdlock", "rdlock", "wrlock"])
        if kind == "m" and self.r.random() < self.tries:
            take = "try"
        held[kind, n] = True
        body = []
        for _ in range(self.r.choice([1, 1, 2])):
            body += self.leaf(t, held)
            if self.r.random() < 0.6:
                body += self.section(t, held, depth + 1)
        body += self.leaf(t, held)
        del held[kind, n]
        return [Op(t, take, n), *body, Op(t, "unlock" if kind == "m" else "rwunlock", n)]

    def thread(self, t):
        ops = []
        for _ in range(self.r.randint(1, 2)):
            ops += self.section(t, {}, 0) + self.leaf(t, {})
        return ops

    def make(self):
        bodies = {t: self.thread(t) for t in range(1, self.threads)}
        main = []
        unjoined = []
        for t in bodies:
            main.append(Op(0, "spawn", t))
            unjoined.append(t)
            if self.r.random() < 0.25:
                main += self.thread(0)
            if self.r.random() < 0.15:
                main.append(Op(0, "join", unjoined.pop(0)))
        if self.r.random() < 0.2 and main[0].code == "spawn":
            gate = self.r.randrange(self.mutexes)
            main = [Op(0, "lock", gate), main[0], *main[1:2], Op(0, "unlock", gate), *main[2:]]
            if sum(op.code in ("lock", "unlock") and op.object == gate for op in main[1:3]) > 1:
                main = [op for op in main if op.code in ("spawn", "join")]
        main += [Op(0, "join", t) for t in unjoined if Op(0, "join", t) not in main]
        return {0: main, **bodies}


class State:
    """Where the threads are, who holds what, and the last values."""

    def __init__(self, program):
        self.program = program
        self.at = {t: 0 for t in program}
        self.begun = {0}
        self.held = {}    # lock -> {thread: mode}
        self.values = {}  # ("write"/"store", n) -> id of the operation that wrote it

    def copy(self):
        other = State.__new__(State)
        other.program, other.at, other.begun = self.program, dict(self.at), set(self.begun)
        other.held = {lock: dict(holders) for lock, holders in self.held.items()}
        other.values = dict(self.values)
        return other

    def key(self):
        return (tuple(sorted(self.at.items())), tuple(sorted(self.values.items())),
                tuple(sorted((lock, tuple(sorted(h.items()))) for lock, h in self.held.items() if h)))

    def over(self, t):
        return self.at[t] >= len(self.program[t])

    def next_of(self, t):
        return None if t not in self.begun or self.over(t) else self.program[t][self.at[t]]

    def blocked(self, t):
        op = self.next_of(t)
        if op is None:
            return True
        if op.code == "join":
            return op.object not in self.begun or not self.over(op.object)
        lock, mode = lock_of(op)
        if mode is None or op.code == "try":
            return False
        return any(excludes(mode, held) for held in self.held.get(lock, {}).values())

    def source(self, op):
        """The value that a read would get now."""
        return self.values.get(("write" if op.code == "read" else "store", op.object))

    def give_up(self, t):
        for holders in self.held.values():
            holders.pop(t, None)
        self.at[t] = len(self.program[t])

    def step(self, t, expected=None):
        op = self.next_of(t)
        lock, mode = lock_of(op)
        if expected is not None and op.code in ("read", "load", "write"):
            # A write here adds to what is there, so it reads too.
            if self.source(op._replace(code="read") if op.code == "write" else op) != expected[t, self.at[t]]:
                self.give_up(t)
                return
        if op.code == "try" and self.held.get(lock):
            self.give_up(t)
            return
        if mode is not None:
            self.held.setdefault(lock, {})[t] = mode
        elif lock is not None:
            self.held[lock].pop(t)
        elif op.code == "spawn":
            self.begun.add(op.object)
        elif op.code in ("write", "store"):
            self.values[op.code, op.object] = (t, self.at[t])
        self.at[t] += 1


def run_once(program, r):
    """A random schedule to the end: the operations in order and what each read got; None if it hangs."""
    state, trace, got = State(program), [], {}
    while any(not state.over(t) for t in program):
        ready = [t for t in program if not state.blocked(t)]
        ready = [t for t in ready if state.next_of(t).code != "try" or
                 not state.held.get(lock_of(state.next_of(t))[0])]
        if not ready:
            return None
        # A thread mostly goes on: what comes close together is less of a surprise.
        t = trace[-1][0] if trace and trace[-1][0] in ready and r.random() < 0.7 else r.choice(ready)
        op = state.next_of(t)
        if op.code in ("read", "load", "write"):
            got[t, state.at[t]] = state.source(op._replace(code="read") if op.code == "write" else op)
        trace.append((t, state.at[t]))
        state.step(t)
    return trace, got


def hangs(program, expected, limit=200000):
    """The sets of (thread, lock) that threads wait for in vain, over all schedules; None if too many."""
    start = State(program)
    seen, todo, found = {start.key()}, [start], set()
    while todo:
        state = todo.pop()
        moved = False
        for t in program:
            if state.blocked(t):
                continue
            moved = True
            after = state.copy()
            after.step(t, expected)
            key = after.key()
            if key not in seen:
                seen.add(key)
                todo.append(after)
        if not moved and any(not state.over(t) for t in state.begun):
            found.add(frozenset((t, lock_of(state.next_of(t))[0]) for t in state.begun
                                if state.next_of(t) is not None and lock_of(state.next_of(t))[0]))
        if len(seen) > limit:
            return None
    return found


class Trace:
    """A run, and the sync-preserving deadlocks in it by their definition, event by event."""

    def __init__(self, program, trace, got):
        self.ops = [program[t][i] for t, i in trace]
        index = {where: k for k, where in enumerate(trace)}
        self.before = []    # events that must be in a part that has this one
        self.matching = {}  # acquisition -> release
        self.held = []      # by its thread, before the event: {lock: acquisition}
        last, holding, sections = {}, collections.defaultdict(dict), collections.defaultdict(list)
        created = {op.object: k for k, op in enumerate(self.ops) if op.code == "spawn"}
        for k, op in enumerate(self.ops):
            need = [last[op.thread]] if op.thread in last else []
            if op.thread not in last and op.thread in created:
                need.append(created[op.thread])
            if op.code == "join" and op.object in last:
                need.append(last[op.object])
            if got.get(trace[k]) is not None:
                need.append(index[got[trace[k]]])
            self.before.append(need)
            self.held.append(dict(holding[op.thread]))
            lock, mode = lock_of(op)
            if mode is not None:
                holding[op.thread][lock] = k
                sections[lock].append(k)
            elif lock is not None:
                self.matching[holding[op.thread].pop(lock)] = k
            last[op.thread] = k
        self.sections = sections

    def close(self, part):
        """Everything that a part with these events has, or what was added until `stop` is hit."""
        todo, part = list(part), set()
        while True:
            while todo:
                k = todo.pop()
                if k not in part:
                    part.add(k)
                    todo += self.before[k]
            for acquisitions in self.sections.values():
                inside = [k for k in acquisitions if k in part]
                for a, b in itertools.combinations(inside, 2):
                    modes = TAKES[self.ops[a].code][1], TAKES[self.ops[b].code][1]
                    if excludes(*modes) and self.matching[a] not in part:
                        todo.append(self.matching[a])
            if not todo:
                return part

    def deadlocks(self):
        """The sets of (thread, lock) of the patterns that have a witness."""
        requests = [k for k, op in enumerate(self.ops)
                    if op.code in ("lock", "rdlock", "wrlock") and self.held[k]]
        found = set()
        for n in range(2, 5):
            for tuple_ in itertools.permutations(requests, n):
                if tuple_[0] == min(tuple_) and self.pattern(tuple_):
                    before = [b for k in tuple_ for b in self.before[k]]
                    if not self.close(before) & set(tuple_):
                        found.add(frozenset((self.ops[k].thread, lock_of(self.ops[k])[0]) for k in tuple_))
        return found

    def mode_in(self, k, lock):
        return TAKES[self.ops[self.held[k][lock]].code][1] if lock in self.held[k] else None

    def pattern(self, requests):
        if len({self.ops[k].thread for k in requests}) < len(requests):
            return False
        if len({lock_of(self.ops[k])[0] for k in requests}) < len(requests):
            return False
        for i, k in enumerate(requests):
            lock, mode = lock_of(self.ops[k])
            held = self.mode_in(requests[(i + 1) % len(requests)], lock)
            if held is None or not excludes(mode, held):
                return False
        return not any(excludes(self.mode_in(a, lock), self.mode_in(b, lock))
                       for a, b in itertools.combinations(requests, 2)
                       for lock in self.held[a] if lock in self.held[b])
