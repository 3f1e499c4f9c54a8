// KIND: data-race
// Accesses in a region that is to be ignored are not checked, nor do they race later; the order that
// atomic operations make in it remains.
#include <atomic>
#include <string.h>

#include "../support/order.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char*, int);
void AnnotateIgnoreReadsEnd(const char*, int);
void AnnotateIgnoreWritesBegin(const char*, int);
void AnnotateIgnoreWritesEnd(const char*, int);
}

int ignored, data;
char range[64];
std::atomic<int> flag;

int main() {
  InTurn(
      [] {
        data = 1;
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
        if (!BUG) ignored++;
        memset(range, 1, sizeof(range));
        delete new int(1);
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
        flag.store(1, std::memory_order_release);
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        if (BUG) ignored++;  // RACE
      },
      [] {
        ignored++;  // RACE
        range[3] = 1;
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        const bool given = flag.load(std::memory_order_acquire) == 1;
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
        if (given) data++;
      });
}
