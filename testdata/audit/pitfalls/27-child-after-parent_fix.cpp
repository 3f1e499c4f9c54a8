// The parent waits for the child.
#include <csan/go.h>

#include <cstdio>
#include <string>

namespace {

void Greet() {
  std::string name = "world";
  csan::WaitGroup child;
  child.Add(1);
  csan::go([&] {
    std::printf("hello %s\n", name.c_str());
    child.Done();
  });
  child.Wait();
}

}  // namespace

int main() { Greet(); }
