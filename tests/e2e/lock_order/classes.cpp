// KIND: possible-inversion
// FLAGS: -fno-optimize-sibling-calls
// Locks taken for one by where they were made: no two threads ever use the same two, but others could.
#include "pair.h"

extern "C" const char* __tsan_default_options() { return "lock_classes=1"; }

struct Node {
  std::mutex mutex;
};
struct Edge {
  long weight;
  std::mutex mutex;
};
Node* nodes[2];
Edge* edges[2];

__attribute__((noinline)) void Make(int i) {
  nodes[i] = new Node;
  edges[i] = new Edge;
}

int main() {
  Make(0);
  Make(1);
  InTurn([] { TakeBoth(nodes[0]->mutex, edges[0]->mutex); },  // RACE
         [] {
           // Two of one class, in any order.
           nodes[1]->mutex.lock();
           nodes[0]->mutex.lock();
           nodes[0]->mutex.unlock();
           nodes[1]->mutex.unlock();
           if (BUG) {
             TakeBoth(edges[1]->mutex, nodes[1]->mutex);  // RACE
           } else {
             TakeBoth(nodes[1]->mutex, edges[1]->mutex);
           }
         });
}
