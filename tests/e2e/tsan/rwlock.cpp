// KIND: data-race
// The dynamic annotations of a lock.
#include "../support/order.h"

extern "C" {
void AnnotateRWLockCreate(const char*, int, const volatile void*);
void AnnotateRWLockDestroy(const char*, int, const volatile void*);
void AnnotateRWLockAcquired(const char*, int, const volatile void*, long);
void AnnotateRWLockReleased(const char*, int, const volatile void*, long);
}

int lock, data;

void Write(bool write) {
  AnnotateRWLockAcquired(__FILE__, __LINE__, &lock, write);
  data++;  // RACE
  AnnotateRWLockReleased(__FILE__, __LINE__, &lock, write);
}

int main() {
  AnnotateRWLockCreate(__FILE__, __LINE__, &lock);
  InTurn([] { Write(!BUG); }, [] { Write(!BUG); });
  AnnotateRWLockDestroy(__FILE__, __LINE__, &lock);
}
