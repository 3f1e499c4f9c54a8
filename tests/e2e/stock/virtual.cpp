// KIND: vptr-race
// STOCK: clang++-22
// A destructor changes the vtable pointer while another thread calls. (gcc 12 does not tell of calls.)
#include <new>

#include "../support/order.h"

struct Base {
  virtual ~Base() { asm volatile("" ::: "memory"); }  // RACE
  virtual int Call() { return 1; }
};
struct Derived : Base {
  ~Derived() override { asm volatile("" ::: "memory"); }  // RACE
  int Call() override { return 2; }
};
alignas(Derived) static char storage[sizeof(Derived)];
Base* object;
volatile int seen;

__attribute__((noinline)) static void Destroy(Base* b) { b->~Base(); }

int main() {
  object = new (storage) Derived;
#if BUG
  InTurn([] { seen = object->Call(); },  // RACE
         [] { Destroy(object); });
#else
  InTurn([] { seen = object->Call(); }, [] {});
  Destroy(object);
#endif
}
