// WorkerPool: a number of goroutines that do what is submitted, in its order. An exception that leaves a task
// ends the program, as one that leaves a goroutine.
//
// Happens-before: Submit before the task; the end of all tasks before the return of Close.
//
//     csan::WorkerPool pool(8);
//     for (const auto& file : files) pool.Submit([&file] { Compress(file); });
//     pool.Close();
#pragma once

#include <csan/go/chan.h>
#include <csan/go/goroutine.h>
#include <csan/go/once.h>
#include <csan/go/wait_group.h>

#include <cstddef>
#include <memory>
#include <utility>

namespace csan::inline go_v1 {

class WorkerPool {
 public:
  // `waiting` tasks may wait for a worker before Submit does.
  explicit WorkerPool(std::size_t workers, std::size_t waiting = 0)
      : tasks_(MakeChan<std::unique_ptr<internal::Task>>(waiting)) {
    for (std::size_t i = 0; i < workers; i++) {
      workers_.Go([tasks = tasks_] {
        for (auto& task : tasks) {
          task->Run();
          task.reset();
        }
      });
    }
  }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { Close(); }

  // Panics after Close.
  template <class F, class... A>
  void Submit(F&& f, A&&... arguments) {
    tasks_.Send(internal::MakeTask(std::forward<F>(f), std::forward<A>(arguments)...));
  }
  // Whether a worker, or room to wait for one, was there.
  template <class F, class... A>
  bool TrySubmit(F&& f, A&&... arguments) {
    return tasks_.TrySend(internal::MakeTask(std::forward<F>(f), std::forward<A>(arguments)...));
  }

  // Takes no more, and waits until all is done. May be called again.
  void Close() {
    closed_.Do([&] { tasks_.Close(); });
    workers_.Wait();
  }

 private:
  Chan<std::unique_ptr<internal::Task>> tasks_;
  WaitGroup workers_;
  Once closed_;
};

}  // namespace csan::inline go_v1
