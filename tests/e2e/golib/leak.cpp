// KIND: goroutine-leak
// FLAGS: {build}/lib/libcsan_go.a -lboost_context
// Goroutines wait for answers that nobody can give any more.
#include <csan/annotate.h>
#include <csan/go.h>

int main() {
  const auto asked = csan::MakeChan<int>(4);
  for (int i = 0; i < 4; i++) {
    csan::go([asked] {
      const auto answer = csan::MakeChan<int>(BUG ? 0 : 1);
      csan::go([answer] {
        answer.Send(1);  // RACE
      });
      asked.Send(1);
    });
  }
  for (int i = 0; i < 4; i++) asked.Receive();
  // They begin to wait soon.
  for (int i = 0; BUG && i < 10000 && csan_check_leaks() == 0; i++) csan::Yield();
}
