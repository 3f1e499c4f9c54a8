"""Happens-before and races of a program whose steps run in a given order: slow, and easy to believe.

Each thread counts its steps; a clock maps threads to the last step known. An earlier access e is
ordered before the present one iff the present thread's clock has reached e's step. Clocks move as
C++20 [intro.races] says, for the value each load really reads in the given order.

Two answers for each access. `may` are all earlier accesses that race with it: whatever is reported
must be one of them. `must` says whether a detector has to report: it may forget an access once a
later one stands for it (ordered after it, or racing with it and reported, and at least as strong:
writes stand for reads, plain accesses for atomic ones), and of two stretches between releases it need
name a byte only once. An atomic release of a thread that may be the last one alive ends no stretch.
"""
import collections

(READ, WRITE, READ_RANGE, WRITE_RANGE, LOAD, STORE, ADD, EXCHANGE, SWAP, SWAP_FAILS, FENCE, LOCK, TRY_LOCK,
 UNLOCK, READ_LOCK, WRITE_LOCK, READ_WRITE_UNLOCK, SPAWN, JOIN) = range(19)
RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST = range(6)
PLAIN = (READ, WRITE, READ_RANGE, WRITE_RANGE)
ATOMIC = (LOAD, STORE, ADD, EXCHANGE, SWAP, SWAP_FAILS)

Op = collections.namedtuple("Op", "thread code size offset order failure object",
                            defaults=(0, 0, 0, 0, 0))
Access = collections.namedtuple("Access", "step thread time release write atomic offset size locks")
Expected = collections.namedtuple("Expected", "access may must")


def acquires(order):
    return order in (CONSUME, ACQUIRE, ACQ_REL, SEQ_CST)


def releases(order):
    return order in (RELEASE, ACQ_REL, SEQ_CST)


class Clock(dict):
    def join(self, other):
        for thread, time in other.items():
            self[thread] = max(self.get(thread, 0), time)

    def copy(self):
        return Clock(self)


class Thread:
    def __init__(self, clock):
        self.clock = clock
        self.fence_release = None   # the clock at the last release fence
        self.fence_acquire = Clock()  # what an acquire fence would learn
        self.releases = 0
        self.locks = []


class Program:
    """Feed it the steps in order; run() returns what to expect of each."""

    def __init__(self):
        self.threads = {0: Thread(Clock())}
        self.history = collections.defaultdict(list)  # byte -> all accesses
        self.kept = collections.defaultdict(list)     # byte -> those that nothing stands for
        self.told = collections.defaultdict(list)     # byte -> races so far
        self.mutexes = collections.defaultdict(Clock)
        self.writers = collections.defaultdict(Clock)
        self.readers = collections.defaultdict(Clock)
        self.atomics = {}  # offset -> clock an acquire load learns
        self.step = -1
        self.last_step = {}  # of each thread

    def run(self, ops):
        self.last_step = {op.thread: step for step, op in enumerate(ops)}
        return [self.feed(op) for op in ops]

    def feed(self, op):
        self.step += 1
        thread = self.threads[op.thread]
        thread.clock[op.thread] = thread.clock.get(op.thread, 0) + 1
        expected = None
        if op.code in PLAIN or op.code in ATOMIC:
            expected = self.access(op, thread)
        if op.code in ATOMIC:
            self.atomic(op, thread)
        elif op.code not in PLAIN:
            self.synchronise(op, thread)
        return expected

    def access(self, op, thread):
        write = op.code in (WRITE, WRITE_RANGE, STORE, ADD, EXCHANGE, SWAP)
        now = Access(self.step, op.thread, thread.clock[op.thread], thread.releases, write,
                     op.code in ATOMIC, op.offset, op.size, frozenset(thread.locks))
        may, must = set(), False
        for byte in range(op.offset, op.offset + op.size):
            races = [e for e in self.history[byte] if self.race(e, now)]
            may.update(races)
            must |= any(e in races and not self.repeats(byte, e, now) for e in self.kept[byte])
            self.history[byte].append(now)
            self.told[byte] += [(e, now) for e in races]
            self.kept[byte] = [e for e in self.kept[byte] if not (
                stronger(now, e) and (self.ordered(e, now) or self.race(e, now)))]
            self.kept[byte].append(now)
        return Expected(now, may, must)

    def repeats(self, byte, earlier, now):
        return any((like(a, earlier) and like(b, now)) or (like(b, earlier) and like(a, now))
                   for a, b in self.told[byte])

    def ordered(self, earlier, now):
        return self.threads[now.thread].clock.get(earlier.thread, 0) >= earlier.time

    def race(self, earlier, now):
        return ((earlier.write or now.write) and not (earlier.atomic and now.atomic)
                and not self.ordered(earlier, now))

    def atomic(self, op, thread):
        loads = op.code != STORE
        stores = op.code not in (LOAD, SWAP_FAILS)
        order = op.failure if op.code == SWAP_FAILS else op.order
        held = self.atomics.get(op.offset, Clock())
        if loads:
            (thread.clock if acquires(order) else thread.fence_acquire).join(held)
        if not stores:
            return
        gives = thread.clock if releases(order) else thread.fence_release or Clock()
        self.atomics[op.offset] = gives.copy()
        if loads:  # a read-modify-write goes on with the release sequence
            self.atomics[op.offset].join(held)
        if releases(order) and not self.may_be_alone(op.thread):
            thread.releases += 1

    def may_be_alone(self, thread):
        return all(self.last_step.get(t, -1) < self.step for t in self.threads if t != thread)

    def synchronise(self, op, thread):
        key = op.object
        lock = ("rwlock" if op.code in (READ_LOCK, WRITE_LOCK, READ_WRITE_UNLOCK) else "mutex", key)
        if op.code == FENCE:
            if acquires(op.order):
                thread.clock.join(thread.fence_acquire)
            if releases(op.order):
                thread.fence_release = thread.clock.copy()
        elif op.code == LOCK or (op.code == TRY_LOCK and op.size):
            thread.clock.join(self.mutexes[key])
            thread.locks.append(lock)
        elif op.code == UNLOCK:
            self.mutexes[key] = thread.clock.copy()
            thread.locks.remove(lock)
        elif op.code == READ_LOCK:
            thread.clock.join(self.writers[key])
            thread.locks.append(lock)
        elif op.code == WRITE_LOCK:
            thread.clock.join(self.writers[key])
            thread.clock.join(self.readers[key])
            thread.locks.append(lock)
        elif op.code == READ_WRITE_UNLOCK:
            if op.size:  # held for writing
                self.writers[key] = thread.clock.copy()
            else:
                self.readers[key].join(thread.clock)
            thread.locks.remove(lock)
        elif op.code == SPAWN:
            self.threads[key] = Thread(thread.clock.copy())
        elif op.code == JOIN:
            thread.clock.join(self.threads[key].clock)
        if op.code in (UNLOCK, READ_WRITE_UNLOCK, SPAWN) or (op.code == FENCE and releases(op.order)):
            thread.releases += 1


def stronger(a, b):
    """Whether whatever conflicts with b conflicts with a."""
    return (a.write or not b.write) and (not a.atomic or b.atomic)


def like(a, b):
    """Whether a stands for b within one stretch of a thread between two releases."""
    return a.thread == b.thread and a.release == b.release and stronger(a, b)
