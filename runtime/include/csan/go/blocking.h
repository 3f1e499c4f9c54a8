// Blocking: calls a function that makes its thread wait (for a file, a lock of other libraries, a process)
// while other goroutines go on: the goroutine moves to a thread of its own for as long as it takes. By an
// ordinary thread it is just a call. Within, do not wait in operations of this library: they move the
// goroutine back.
//
// Read, Write, Accept and Connect are the system calls of these names that let others go on, begun again if
// a signal interrupted them. They return minus the error's number, and errno means nothing: a compiler may
// look for it on the thread that the goroutine was on before.
//
// Happens-before: nothing beyond what the function does, which is the goroutine's own doing.
//
//     const int status = csan::Blocking([&] { return std::system("make"); });
//     char line[100];
//     const ssize_t length = csan::Read(STDIN_FILENO, line, sizeof(line));
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <utility>

namespace csan::inline go_v1 {

namespace internal {
// Moves to a thread that may wait, and back.
class OnBlockingThread {
 public:
  OnBlockingThread();
  OnBlockingThread(const OnBlockingThread&) = delete;
  OnBlockingThread& operator=(const OnBlockingThread&) = delete;
  ~OnBlockingThread();
};
}  // namespace internal

template <class F>
decltype(auto) Blocking(F&& f) {
  const internal::OnBlockingThread there;
  return std::forward<F>(f)();
}

ssize_t Read(int fd, void* buffer, std::size_t size);
ssize_t Write(int fd, const void* buffer, std::size_t size);
int Accept(int socket, sockaddr* address, socklen_t* length);
int Connect(int socket, const sockaddr* address, socklen_t length);

}  // namespace csan::inline go_v1
