// Panics: how the library answers misuse, and a program its own broken assumptions.
//
// A panic is an exception. One that leaves a goroutine's function, as any other exception, ends the
// program: it says what happened in which goroutine on standard error, and aborts.
//
//     try {
//       results.Close();
//     } catch (const csan::Panic& panic) {
//       std::cerr << panic.what();  // close of closed channel
//     }
#pragma once

#include <stdexcept>

namespace csan::inline go_v1 {

class Panic : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace internal {
[[noreturn]] void Throw(const char* message);
}  // namespace internal

}  // namespace csan::inline go_v1
