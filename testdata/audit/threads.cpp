// What may be said of threads, conditions and locks of the standard library and POSIX. A comment names the
// finding of its line; where there is none, silence is the expectation.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

void Use(int value);
int Load();

// Threads and their handles.

void* Work(void* data) { return data; }

void NeverJoined() {
  pthread_t thread;
  pthread_create(&thread, nullptr, Work, nullptr);  // FINDING: spawn-without-stop
}

void Joined() {
  pthread_t thread;
  pthread_create(&thread, nullptr, Work, nullptr);
  pthread_join(thread, nullptr);
}

void DetachedByAttribute(const pthread_attr_t* detached) {
  pthread_t thread;
  pthread_create(&thread, detached, Work, nullptr);
}

void NeverLookedAt() {
  std::thread worker(Load);  // FINDING: spawn-without-stop
}

void HandedOn(std::vector<std::thread>* threads) {
  std::thread worker(Load);
  threads->push_back(std::move(worker));
}

void JoinsItself() { std::jthread worker(Load); }

// Loops that threads run.

class Poller {
 public:
  void Start() {
    poller_ = std::thread([this] { Poll(); });
    stoppable_ = std::thread(&Poller::PollUntilStopped, this);
    counted_ = std::thread([] {
      for (int i = 0; i < 10; i++) usleep(10);
    });
    given_up_ = std::thread([this] {
      for (;;) {
        usleep(10);
        if (stopped_) break;
      }
    });
  }
  void Stop() {
    stopped_ = true;
    stoppable_.join();
    counted_.join();
    given_up_.join();
  }

 private:
  void Poll() {
    while (true) {  // FINDING: loop-without-cancellation
      Use(1);
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
  }
  void PollUntilStopped() {
    while (!stopped_) std::this_thread::sleep_for(std::chrono::seconds(1));
  }

  std::thread poller_, stoppable_, counted_, given_up_;
  std::atomic<bool> stopped_{false};
};

// The loop of a function that no thread is seen to run.
[[noreturn]] void Serve() {
  for (;;) pause();
}

void BreaksOnlyTheSwitch() {
  std::thread([] {
    for (;;) {  // FINDING: loop-without-cancellation
      switch (Load()) {
        case 1:
          break;
      }
      usleep(10);
    }
  }).detach();
}

void LeavesByThrow() {
  std::thread([] {
    for (;;) {
      if (Load() == 0) throw 1;
      usleep(10);
    }
  }).detach();
}

// Locks held over waits.

std::mutex mutex;
std::condition_variable changed;
bool ready = false;

void SleepsWithGuard() {
  std::lock_guard<std::mutex> lock(mutex);
  usleep(1000);  // FINDING: lock-held-over-wait
}

void SleepsAfterGuard() {
  {
    std::lock_guard<std::mutex> lock(mutex);
    ready = true;
  }
  usleep(1000);
}

void SleepsAfterUnlock() {
  std::unique_lock<std::mutex> lock(mutex);
  lock.unlock();
  usleep(1000);
  lock.lock();
}

void SleepsOnOneWay(bool quick) {
  mutex.lock();
  if (quick) mutex.unlock();
  usleep(10);
  if (!quick) mutex.unlock();
}

void JoinsWithLock(std::thread* worker) {
  std::scoped_lock lock(mutex);
  worker->join();  // FINDING: lock-held-over-wait
}

void GetsWithLock(std::future<int>* result) {
  mutex.lock();
  Use(result->get());  // FINDING: lock-held-over-wait
  mutex.unlock();
}

pthread_mutex_t posix = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t posix_changed = PTHREAD_COND_INITIALIZER;

void SleepsWithPosix() {
  pthread_mutex_lock(&posix);
  sleep(1);  // FINDING: lock-held-over-wait
  pthread_mutex_unlock(&posix);
}

void SleepsInLoop() {
  for (;;) {
    pthread_mutex_lock(&posix);
    const bool done = ready;
    pthread_mutex_unlock(&posix);
    if (done) return;
    sleep(1);
  }
}

void WaitsWithAnotherLock() {
  std::lock_guard<std::mutex> outer(mutex);
  pthread_mutex_lock(&posix);
  while (!ready) pthread_cond_wait(&posix_changed, &posix);  // FINDING: lock-held-over-wait
  pthread_mutex_unlock(&posix);
}

void Defers() {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  usleep(10);
  lock.lock();
}

// A program's own locks.
class Mutex {
 public:
  void Lock() { mutex_.lock(); }
  void Unlock() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) : mutex_(mutex) { mutex_->Lock(); }
  ~MutexLock() { mutex_->Unlock(); }

 private:
  Mutex* mutex_;
};

Mutex own;

void SleepsWithOwnGuard() {
  MutexLock lock(&own);
  usleep(1000);  // FINDING: lock-held-over-wait
}

void SleepsAfterOwnGuard() {
  { MutexLock lock(&own); }
  usleep(1000);
}

void SleepsBetween() {
  own.Lock();
  own.Unlock();
  usleep(1000);
}

// Callbacks.

class Subject {
 public:
  void Notify() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& each : observers_) each();  // FINDING: lock-held-over-callback
    if (on_change_) on_change_(1);               // FINDING: lock-held-over-callback
  }
  void NotifyCopies() {
    std::vector<std::function<void()>> copies;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      copies = observers_;
    }
    for (const auto& each : copies) each();
  }
  void Each(const std::function<void(int)>& visit) {
    std::lock_guard<std::mutex> lock(mutex_);
    visit(1);
  }
  void Own() {
    std::lock_guard<std::mutex> lock(mutex_);
    const std::function<void()> step = [this] { value_++; };
    step();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> observers_;
  std::function<void(int)> on_change_;
  int value_ = 0;
};

struct Device {
  int (*read)(Device* device);
  void (*callback)(int value);
};

void ReadsDevice(Device* device) {
  pthread_mutex_lock(&posix);
  const int value = device->read(device);
  device->callback(value);  // FINDING: lock-held-over-callback
  pthread_mutex_unlock(&posix);
}

// Condition waits.

void WaitsOnce() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock);  // FINDING: wait-without-predicate
}

void WaitsIf() {
  std::unique_lock<std::mutex> lock(mutex);
  if (!ready) changed.wait(lock);  // FINDING: wait-without-predicate
}

void WaitsBlindly() {
  std::unique_lock<std::mutex> lock(mutex);
  for (;;) {
    changed.wait(lock);  // FINDING: wait-without-predicate
    Use(1);
  }
}

void WaitsWhile() {
  std::unique_lock<std::mutex> lock(mutex);
  while (!ready) changed.wait(lock);
}

void WaitsWithPredicate() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [] { return ready; });
}

void WaitsInEndlessLoop() {
  std::unique_lock<std::mutex> lock(mutex);
  for (;;) {
    if (ready) break;
    changed.wait(lock);
  }
}

void WaitsForATime() {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait_for(lock, std::chrono::milliseconds(10));
}

void WaitsPosix() {
  pthread_mutex_lock(&posix);
  pthread_cond_wait(&posix_changed, &posix);  // FINDING: wait-without-predicate
  pthread_mutex_unlock(&posix);
}

// A wrapper takes no lock, so its caller loops.
class Condition {
 public:
  void Wait() { pthread_cond_wait(&condition_, &mutex_); }
  void WaitAdopted(std::mutex* held) {
    std::unique_lock<std::mutex> lock(*held, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
  std::condition_variable changed_;
};

// Locals that others have by reference.

void DetachesWithReference() {
  int value = Load();
  std::thread([&value] { Use(value); }).detach();  // FINDING: local-outlived
}

void DetachesWithDefaultCapture() {
  std::string text = "text";
  std::thread worker([&] { Use(static_cast<int>(text.size())); });  // FINDING: local-outlived
  worker.detach();
}

void DetachesWithCopy() {
  int value = Load();
  std::thread([value] { Use(value); }).detach();
}

void DetachesWithPointer() {
  int value = Load();
  std::thread(Work, &value).detach();  // FINDING: local-outlived
}

void DetachesButWaits() {
  int value = Load();
  std::promise<void> done;
  std::future<void> finished = done.get_future();
  std::thread([&] {
    Use(value);
    done.set_value();
  }).detach();
  finished.wait();
}

void DetachesButSpins() {
  std::atomic<bool> done{false};
  std::thread([&] { done = true; }).detach();
  while (!done) usleep(10);
}

void JoinsInLoop() {
  int sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; i++) {
    threads.emplace_back([&] {
      std::lock_guard<std::mutex> lock(mutex);
      sum++;
    });
  }
  for (std::thread& thread : threads) thread.join();
}

class Keeper {
 public:
  void Start() {
    int local = Load();
    thread_ = std::thread([&local] { Use(local); });  // FINDING: local-outlived
  }
  void StartAll(const std::vector<int>& values) {
    for (const int& value : values) threads_.emplace_back([&value] { Use(value); });
  }
  ~Keeper() { thread_.join(); }

 private:
  std::thread thread_;
  std::vector<std::thread> threads_;
};

void* UseData(void* data) {
  Use(*static_cast<int*>(data));
  return nullptr;
}

void StartsWithLocal(pthread_t* thread) {
  int value = Load();
  pthread_create(thread, nullptr, UseData, &value);  // FINDING: local-outlived
}

void StartsWithArray() {
  pthread_t threads[4];
  int values[4] = {};
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], nullptr, UseData, &values[i]);
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
}

[[noreturn]] void NeverReturns() {
  int value = Load();
  std::thread([&value] { Use(value); }).detach();
  for (;;) pause();
}

struct Joiner {
  explicit Joiner(std::thread* of) : thread(of) {}
  ~Joiner() { thread->join(); }
  std::thread* thread;
};

void JoinsInDestructor() {
  int value = Load();
  auto thread = std::make_unique<std::thread>([&value] { Use(value); });
  Joiner joiner(thread.get());
  Use(2);
}

// What is meant.

void Allowed() {
  std::lock_guard<std::mutex> lock(mutex);
  // The device needs this pause between two commands.
  // csan: allow(lock-held-over-wait): nobody else wants the device
  usleep(1000);
  usleep(1000);  // csan: allow(lock-held-over-wait): the same
  // csan: allow(wait-without-predicate): of another kind, so it allows nothing here
  usleep(1000);  // FINDING: lock-held-over-wait
}
