// KIND: data-race
// The dynamic annotations that order by address.
#include "../support/order.h"

extern "C" {
void AnnotateHappensBefore(const char*, int, const volatile void*);
void AnnotateHappensAfter(const char*, int, const volatile void*);
void AnnotateCondVarSignal(const char*, int, const volatile void*);
void AnnotateCondVarWait(const char*, int, const volatile void*, const volatile void*);
}

int data, other;
char where, condition;

int main() {
  AnnotateHappensBefore(__FILE__, __LINE__, nullptr);
  HandOver([] { data = 1; },  // RACE
           [] { AnnotateHappensBefore(__FILE__, __LINE__, &where); },
           [] { AnnotateHappensAfter(__FILE__, __LINE__, &where); }, [] { data++; });  // RACE
  InTurn(
      [] {
        other = 1;
        AnnotateCondVarSignal(__FILE__, __LINE__, &condition);
      },
      [] {
        AnnotateCondVarWait(__FILE__, __LINE__, &condition, nullptr);
        other++;
      });
}
