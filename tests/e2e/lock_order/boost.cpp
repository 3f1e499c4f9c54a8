// KIND: lock-order-inversion
// FLAGS: -fno-optimize-sibling-calls
#include <boost/thread/mutex.hpp>
#include <boost/thread/recursive_mutex.hpp>

#include "pair.h"

boost::mutex first;
boost::recursive_mutex second;

int main() {
  InTurn([] { TakeBoth(first, second); },  // RACE
         [] {
           if (BUG) {
             TakeBoth(second, first);  // RACE
           } else {
             TakeBoth(first, second);
           }
         });
}
