// A small metrics server without the network: requests come from a queue, two handlers serve them and
// count what they serve. The counter is the caller's, so that bug and fix differ in nothing else.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

class RequestQueue {
 public:
  void Push(std::string path) {
    {
      std::lock_guard lock(mutex_);
      paths_.push_back(std::move(path));
    }
    ready_.notify_one();
  }
  void Close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }
  std::optional<std::string> Pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !paths_.empty(); });
    if (paths_.empty()) return std::nullopt;
    std::string path = std::move(paths_.front());
    paths_.pop_front();
    return path;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::string> paths_;
  bool closed_ = false;
};

// Serves `requests` requests with two handlers; each calls count() for each request.
template <typename Count>
void Serve(int requests, Count count) {
  RequestQueue queue;
  auto handler = [&] {
    count();  // the handler's own start is counted too, so both always count at least once
    while (std::optional<std::string> path = queue.Pop()) {
      if (path->starts_with("/metrics")) count();
    }
  };
  std::thread first(handler);
  std::thread second(handler);
  for (int i = 0; i < requests; i++) queue.Push("/metrics/" + std::to_string(i));
  queue.Close();
  first.join();
  second.join();
}
