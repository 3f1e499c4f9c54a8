// KIND: deadlock
// A channel with room for one token is a lock. The path of an error releases it, and so does the end.
#include <csan/go.h>

#include <cstdio>

namespace {

const csan::Chan<csan::Unit> lock = csan::MakeChan<csan::Unit>(1);

void Update(bool valid) {
  lock.Send({});
  if (!valid) {
    std::puts("not valid");
    lock.Receive();
  }
  lock.Receive();  // RACE: waits for a token that nobody has
}

}  // namespace

int main() {
  csan::WaitGroup updates;
  updates.Go([] { Update(true); });
  updates.Wait();
  updates.Go([] { Update(false); });
  updates.Wait();  // RACE: waits for the update
}
