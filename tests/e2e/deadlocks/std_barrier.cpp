// KIND: deadlock
// A worker leaves the rounds without saying so: the others wait for it.
#include <barrier>
#include <thread>

std::barrier rounds(2);

int main() {
  std::thread leaves([] {
    rounds.arrive_and_wait();
    if (!BUG) rounds.arrive_and_drop();
  });
  rounds.arrive_and_wait();
  leaves.join();
  rounds.arrive_and_wait();  // RACE
}
