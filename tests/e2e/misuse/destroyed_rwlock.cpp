// KIND: destroyed-lock
// A reader/writer lock used after its end; in the memory of a dead one a new one may be made.
#include <pthread.h>

#include <new>
#include <shared_mutex>

alignas(16) static unsigned char place[64];

int main() {
  auto* lock = reinterpret_cast<pthread_rwlock_t*>(place);
  pthread_rwlock_init(lock, nullptr);
  pthread_rwlock_destroy(lock);
  if (BUG) {
    pthread_rwlock_rdlock(lock);  // RACE
    pthread_rwlock_unlock(lock);
  } else {
    // Static initialisers, and nothing that calls.
    auto* made = new (place) std::shared_mutex;
    made->lock_shared();
    made->unlock_shared();
    *lock = PTHREAD_RWLOCK_INITIALIZER;
    pthread_rwlock_rdlock(lock);
    pthread_rwlock_unlock(lock);
    pthread_rwlock_destroy(lock);
    pthread_rwlock_init(lock, nullptr);
    pthread_rwlock_wrlock(lock);
    pthread_rwlock_unlock(lock);
  }
}
