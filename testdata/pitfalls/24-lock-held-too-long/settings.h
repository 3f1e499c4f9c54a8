// Settings that are read from something slow now and then, and looked up by many.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

using Values = std::map<std::string, std::string>;

// A server far away.
inline Values Fetch() {
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  return {{"mode", "fast"}};
}

// Looks "mode" up while another thread renews the settings.
template <typename Settings>
int Run() {
  Settings settings;
  std::thread renews([&] { settings.Renew(); });
  const std::string before = settings.Get("mode");
  renews.join();
  return settings.Get("mode") == "fast" ? 0 : 1;
}
