// KIND: data-race
// What a lock does within itself is neither checked nor orders anything: in the bug it would, if it
// counted. What it diverts to does count.
#include <atomic>

#include "lock.h"

Lock first, second, third;
int own, data, diverted;
std::atomic<int> word;

int main() {
  InTurn(
      [] {
        data++;  // RACE
        __tsan_mutex_pre_lock(&first, 0);
        own++;
        word++;
        __tsan_mutex_pre_divert(&first, 0);
        diverted = 1;
        __tsan_release(&diverted);
        __tsan_mutex_post_divert(&first, 0);
        __tsan_mutex_post_lock(&first, 0, 0);
        __tsan_mutex_pre_signal(&first, 0);
        own++;
        __tsan_mutex_post_signal(&first, 0);
        __tsan_mutex_pre_unlock(&first, 0);
        __tsan_mutex_post_unlock(&first, 0);
      },
      [] {
        __tsan_mutex_pre_lock(&second, 0);
        own++;
        word++;
        __tsan_mutex_post_lock(&second, 0, 0);
        if (!BUG) __tsan_acquire(&diverted);
        data++;  // RACE
        __tsan_acquire(&diverted);
        diverted++;
        __tsan_mutex_pre_unlock(&second, 0);
        __tsan_mutex_post_unlock(&second, 0);
      });
}
