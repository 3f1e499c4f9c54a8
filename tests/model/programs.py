"""Makes random programs: each thread does snippets that real programs do (critical sections, publication
by flags and fences, bare accesses), and a random scheduler puts their steps in order."""
import random

from happens_before import *  # noqa: F403: the names of the operations

STEPS = 64
REGION = 16  # bytes of memory that accesses overlap in
ATOMIC_AT = 128


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.threads = self.r.randint(2, 6)
        self.length = self.r.randint(8, STEPS - 16)
        self.discipline = self.r.choice([0, 0.5, 0.8, 0.95])
        self.sizes = self.r.choice([(4,), (8,), (1, 2, 4, 8), (1, 2, 4, 8, 16)])
        self.aligned = self.r.random() < 0.6
        self.regions = [32 * i + self.r.choice([0, 0, 8, 5]) for i in range(self.r.randint(1, 3))]
        # One size for each atomic: C++ knows no other. Some share 8 bytes with others or with plain data.
        size = self.r.choice([1, 2, 4, 8])
        places = [ATOMIC_AT + size * i for i in range(self.r.randint(1, 3))]
        if self.r.random() < 0.3:
            places.append(8)  # in the first region
        self.atomics = [(at, size) for at in places]
        self.fences = self.r.random() < 0.4
        self.mixed = self.r.choice([0, 0, 0.1])
        self.orders = self.r.choice([(RELAXED,), (RELAXED, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST),
                                     (ACQUIRE, RELEASE, ACQ_REL)])
        self.running = {0}
        self.over = set()    # have no more to do
        self.joined = set()
        self.next_thread = 1
        self.todo = {}
        self.mutex_holder = {}
        self.rwlock_holders = {i: {} for i in range(2)}
        self.ops = []

    # Pieces.

    def plain(self, t, region=None, write=None):
        r = self.r
        write = r.random() < 0.5 if write is None else write
        if r.random() < self.mixed:
            at, size = r.choice(self.atomics)
            return Op(t, WRITE if write else READ, size, at)
        base = r.choice(self.regions) if region is None else region
        if r.random() < 0.12:
            size = r.randint(1, 24)
            return Op(t, WRITE_RANGE if write else READ_RANGE, size, base + r.randint(0, 7))
        size = r.choice(self.sizes)
        offset = r.randint(0, REGION - size)
        if self.aligned:
            offset -= (base + offset) % size
            offset = max(offset, -base % size)
        return Op(t, WRITE if write else READ, size, base + offset)

    def order(self, code):
        legal = {LOAD: (RELAXED, ACQUIRE, SEQ_CST), STORE: (RELAXED, RELEASE, SEQ_CST)}.get(
            code, (RELAXED, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST))
        return self.r.choice([o for o in self.orders if o in legal] or legal)

    def atomic(self, t):
        code = self.r.choice([LOAD, LOAD, STORE, STORE, ADD, EXCHANGE, SWAP, SWAP_FAILS])
        at, size = self.r.choice(self.atomics)
        order = self.order(code)
        failure = self.r.choice([RELAXED, ACQUIRE, SEQ_CST])
        return Op(t, code, size, at, order, failure)

    def critical(self, t):
        m = self.r.randrange(2)
        own = self.regions[m % len(self.regions)]
        take = LOCK if self.r.random() < 0.8 else TRY_LOCK
        body = [self.plain(t, own if self.r.random() < max(self.discipline, 0.3) else None)
                for _ in range(self.r.randint(1, 3))]
        if self.r.random() < 0.15:
            body.insert(1, Op(t, LOCK, object=2))
            body.append(Op(t, UNLOCK, object=2))
        return [Op(t, take, object=m), *body, Op(t, UNLOCK, object=m)]

    def reader_writer(self, t):
        write = self.r.random() < 0.4
        lock = self.r.randrange(2)
        own = self.regions[-1 - lock % len(self.regions)]
        body = [self.plain(t, own, write=write and self.r.random() < 0.7)
                for _ in range(self.r.randint(1, 3))]
        return [Op(t, WRITE_LOCK if write else READ_LOCK, object=lock), *body,
                Op(t, READ_WRITE_UNLOCK, size=int(write), object=lock)]

    def publish(self, t):
        at, size = self.r.choice(self.atomics)
        body = [self.plain(t, write=True) for _ in range(self.r.randint(0, 2))]
        if self.fences and self.r.random() < 0.6:
            body.append(Op(t, FENCE, order=self.r.choice([RELEASE, ACQ_REL, SEQ_CST])))
            if self.r.random() < 0.3:
                body.append(self.plain(t))
            return body + [Op(t, self.r.choice([STORE, ADD]), size, at, RELAXED)]
        return body + [Op(t, self.r.choice([STORE, STORE, ADD]), size, at, RELEASE)]

    def consume(self, t):
        at, size = self.r.choice(self.atomics)
        body = [self.plain(t) for _ in range(self.r.randint(0, 2))]
        if self.fences and self.r.random() < 0.6:
            return [Op(t, LOAD, size, at, RELAXED),
                    Op(t, FENCE, order=self.r.choice([ACQUIRE, ACQ_REL, SEQ_CST]))] + body
        return [Op(t, LOAD, size, at, ACQUIRE)] + body

    def snippet(self, t):
        r = self.r
        if self.next_thread < self.threads and r.random() < 0.4:
            n = self.next_thread
            self.next_thread += 1
            return [Op(t, SPAWN, object=n)]
        if r.random() < 0.05:
            return [Op(t, JOIN, object=-1)]
        if r.random() > self.discipline and r.random() < 0.6:
            one = self.plain(t)
            return [one] * r.choice([1, 1, 2])
        return r.choice([self.critical, self.critical, self.reader_writer, self.publish, self.consume,
                         lambda t: [self.atomic(t) for _ in range(r.randint(1, 3))]])(t)

    # The scheduler.

    def ready(self, op):
        """The operation as it can be done now, or None."""
        if op.code == LOCK:
            return op if op.object not in self.mutex_holder else None
        if op.code == TRY_LOCK:
            return op._replace(size=int(op.object not in self.mutex_holder))
        if op.code == READ_LOCK:
            holders = self.rwlock_holders[op.object]
            return op if not any(holders.values()) and op.thread not in holders else None
        if op.code == WRITE_LOCK:
            return op if not self.rwlock_holders[op.object] else None
        if op.code == JOIN:
            done = [t for t in self.over - self.joined if t not in (0, op.thread)]
            return op._replace(object=self.r.choice(done)) if done else None
        return op

    def do(self, op):
        if op.code == SPAWN:
            self.running.add(op.object)
        elif op.code == JOIN:
            self.joined.add(op.object)
        elif op.code == LOCK or (op.code == TRY_LOCK and op.size):
            self.mutex_holder[op.object] = op.thread
        elif op.code == UNLOCK:
            del self.mutex_holder[op.object]
        elif op.code in (READ_LOCK, WRITE_LOCK):
            self.rwlock_holders[op.object][op.thread] = op.code == WRITE_LOCK
        elif op.code == READ_WRITE_UNLOCK:
            del self.rwlock_holders[op.object][op.thread]
        self.ops.append(op)

    def one_step(self, winding_up):
        threads = sorted(self.running - self.over)
        self.r.shuffle(threads)
        for t in threads:
            todo = self.todo.setdefault(t, [])
            if not todo:
                if winding_up:
                    continue
                if t != 0 and self.r.random() < 0.06:
                    self.over.add(t)
                    continue
                todo += self.snippet(t)
            op = self.ready(todo[0])
            if op is None:
                if todo[0].code == JOIN:
                    todo.pop(0)
                continue
            todo.pop(0)
            if op.code == TRY_LOCK and not op.size:
                # What follows is done without the lock: the matching unlock goes.
                todo.remove(Op(t, UNLOCK, object=op.object))
            self.do(op)
            return True
        return False

    def make(self):
        while len(self.ops) < self.length and self.one_step(False):
            pass
        # Locks are given back: begun snippets lose what is not an unlock.
        for t, todo in self.todo.items():
            held = [m for m, holder in self.mutex_holder.items() if holder == t]
            self.todo[t] = [Op(t, UNLOCK, object=m) for m in held] + [
                Op(t, READ_WRITE_UNLOCK, size=int(holders[t]), object=lock)
                for lock, holders in self.rwlock_holders.items() if t in holders]
        while self.one_step(True):
            pass
        assert not self.mutex_holder and len(self.ops) <= STEPS
        return self.ops


def runs(ops):
    """Whether the steps can be executed in this order; shrinking asks."""
    mutexes, rwlocks, running, joined = {}, {0: {}, 1: {}}, {0}, set()
    last = {op.thread: i for i, op in enumerate(ops)}
    for i, op in enumerate(ops):
        if op.thread not in running:
            return False
        key, mine = op.object, (op.object, op.thread)
        if op.code == SPAWN:
            running.add(key)
        elif op.code == JOIN:
            if key not in running or key in joined or last.get(key, 0) > i:
                return False
            joined.add(key)
        elif op.code in (LOCK, TRY_LOCK) and (op.code == LOCK or op.size):
            if key in mutexes:
                return False
            mutexes[key] = op.thread
        elif op.code == TRY_LOCK and key not in mutexes:
            return False
        elif op.code == UNLOCK:
            if mutexes.pop(key, None) != op.thread:
                return False
        elif op.code in (READ_LOCK, WRITE_LOCK):
            if any(rwlocks[key].values()) or (op.code == WRITE_LOCK and rwlocks[key]) or (
                    op.thread in rwlocks[key]):
                return False
            rwlocks[key][op.thread] = op.code == WRITE_LOCK
        elif op.code == READ_WRITE_UNLOCK:
            if rwlocks[key].pop(mine[1], None) != bool(op.size):
                return False
    return not mutexes and not any(rwlocks.values())


def make_program(seed):
    return Maker(seed).make()
