// Threads of the library: detached, and left alone by signals that the program handles elsewhere.
#pragma once

#include <pthread.h>

#include <csignal>
#include <system_error>

namespace csan::inline go_v1::internal {

// Throws std::system_error. `name` has at most 15 characters.
inline void StartThread(void* (*run)(void*), void* argument, const char* name) {
  sigset_t all, before;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF}) {
    sigdelset(&all, fault);
  }
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread{};
  const int error = pthread_create(&thread, nullptr, run, argument);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error != 0) throw std::system_error(error, std::generic_category(), name);
  pthread_setname_np(thread, name);
  pthread_detach(thread);
}

}  // namespace csan::inline go_v1::internal
