// KIND: data-race
// The notice of a finished look-up runs on a thread of the C library, which is an actor; asking is ordered
// before it.
#include <netdb.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "../support/order.h"

int data;
gaicb request;
std::atomic<int> calls;

void Called(sigval) {
  AwaitStep(1);
  data++;  // RACE
  if (gai_error(&request) != 0 || request.ar_result == nullptr) _exit(3);
  calls.fetch_add(1, std::memory_order_relaxed);
}

int main() {
  request.ar_name = "127.0.0.1";
  gaicb* list[] = {&request};
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = Called;
  if (!BUG) data++;
  if (getaddrinfo_a(GAI_NOWAIT, list, 1, &event) != 0) return 2;
  if (BUG) data++;  // RACE
  ReachStep(1);
  while (calls.load(std::memory_order_relaxed) == 0) usleep(100);
}
