#include "shadow/short_list.h"

#include "base/spin_lock.h"
#include "memory/pool.h"

namespace csan {
namespace {

union LongList {
  LongList* next;  // while nobody uses it
  char bytes[kLongListBytes];
};

constinit Pool<LongList, 4> lists;
constinit SpinLock lists_lock;

}  // namespace

void* TakeLongList() {
  SpinGuard guard(lists_lock);
  return lists.Take("long lists of accesses");
}

void GiveLongList(void* list) {
  SpinGuard guard(lists_lock);
  lists.Give(static_cast<LongList*>(list));
}

}  // namespace csan
