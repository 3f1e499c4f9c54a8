#include "shadow/short_list.h"

#include "memory/pool.h"

namespace csan {
namespace {

union LongList {
  LongList* next;  // while nobody uses it
  char bytes[kLongListBytes];
};

constinit SharedPool<LongList, 4> lists;

}  // namespace

void* TakeLongList() { return lists.Take("long lists of accesses"); }
void GiveLongList(void* list) { lists.Give(static_cast<LongList*>(list)); }

}  // namespace csan
