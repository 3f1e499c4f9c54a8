// KIND: goroutine-leak
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Of two thousand goroutines that wait one waits for what nobody has any more.
#include <csan/annotate.h>
#include <csan/go.h>

int main() {
  const auto stop = csan::MakeChan<int>();
  csan::WaitGroup begun, ended;
  for (int i = 0; i < 2000; i++) {
    begun.Add(1);
    ended.Add(1);
    csan::go([=, &begun, &ended] {
      begun.Done();
      if (i == 1000) {
        csan::go([] {
          const auto lost = csan::MakeChan<int>(1);
          if (!BUG) lost.Send(1);
          csan::go([lost] {
            lost.Receive();  // RACE
          });
        });
      }
      stop.Receive();
      ended.Done();
    });
  }
  begun.Wait();
  // It begins to wait soon.
  for (int i = 0; BUG && i < 10000 && csan_check_leaks() == 0; i++) csan::Yield();
  stop.Close();
  ended.Wait();
}
