// FINDING: local-outlived
// The child uses a variable of a function that has returned.
#include <csan/go.h>

#include <cstdio>
#include <string>

namespace {

void Greet() {
  std::string name = "world";
  csan::go([&name] { std::printf("hello %s\n", name.c_str()); });
}

}  // namespace

int main() {
  Greet();
  csan::Sleep(std::chrono::milliseconds(1));
}
