// KIND: possible-inversion
// FLAGS: -fno-optimize-sibling-calls
// The second thread has had the first lock after the first thread was done with it: in another order of
// those two sections it could hang, but this run does not show that they can come so.
#include "pair.h"

std::mutex first, second;

int main() {
  InTurn([] { TakeBoth(first, second); },  // RACE
         [] {
           first.lock();
           first.unlock();
           if (BUG) {
             TakeBoth(second, first);  // RACE
           } else {
             TakeBoth(first, second);
           }
         });
}
