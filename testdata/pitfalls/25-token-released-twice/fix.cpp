// The token belongs to an object, which brings it back when it ends.
#include <csan/go.h>

#include <cstdio>

namespace {

const csan::Chan<csan::Unit> lock = csan::MakeChan<csan::Unit>(1);

class Token {
 public:
  Token() { lock.Send({}); }
  ~Token() { lock.Receive(); }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
};

void Update(bool valid) {
  const Token token;
  if (!valid) std::puts("not valid");
}

}  // namespace

int main() {
  csan::WaitGroup updates;
  updates.Go([] { Update(true); });
  updates.Wait();
  updates.Go([] { Update(false); });
  updates.Wait();
}
