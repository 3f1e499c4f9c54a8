// A table of routes that is renewed while it is read: writers go first once they wait.
#pragma once

#include <csan/go.h>

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

inline csan::RWMutex mutex;
inline std::map<std::string, std::string> routes = {{"", "default"}};

// By who has a read lock: until a writer waits, who keeps new readers out.
inline void AwaitWriter() {
  while (mutex.TryRLock()) {
    mutex.RUnlock();
    csan::Yield();
  }
}

template <typename Find>
int Run(Find find) {
  const auto reading = csan::MakeChan<csan::Unit>();
  std::string found;
  csan::WaitGroup both;
  both.Go([&] { found = find("/index", reading); });
  both.Go([&] {
    reading.Receive();
    const std::lock_guard write(mutex);
    routes["/index"] = "fresh";
  });
  both.Wait();
  return found == "default" ? 0 : 1;
}
