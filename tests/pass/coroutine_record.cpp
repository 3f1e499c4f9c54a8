// A coroutine keeps in its frame where it is suspended; nothing is called for it. Where the optimiser takes
// the frame apart nothing of it is left, and a file without coroutines is as it was.
// RUN: %csan-clang -std=c++20 -O0 %s | FileCheck %s
// RUN: %csan-clang -std=c++20 -O2 %s | FileCheck --check-prefixes=CHECK,ELIDED %s
// RUN: %csan-clang -std=c++20 -O2 -flto=thin %s | FileCheck %s
// RUN: %csan-clang -std=c++20 -O2 -DPLAIN %s | FileCheck --check-prefix=PLAIN %s
#include <coroutine>

struct Task {
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  struct promise_type {
    int value = 0;
    Task get_return_object() { return {Handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int v) {
      value = v;
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
  };
  Handle handle;
};

// PLAIN-NOT: csan.coroutine
// PLAIN-NOT: __csan_uses_coroutines
#ifndef PLAIN
void outside();
// CHECK-DAG: c"awaits(int)\00"
// CHECK-DAG: @csan.coroutine.site{{.*}}, i32 [[@LINE+3]], i32 3, i32 [[@LINE+1]], i32 2086280448 }
Task awaits(int n) {
  outside();
  co_yield n;
}

// The mark: of the record, of the frame, and the constant of abi/layout.h.
// CHECK-LABEL: define {{.*}} @_Z6awaitsi(
// CHECK: shl i64 %{{.*}}, 1
// CHECK: add i64 %{{.*}}, -7115886298721320336
// CHECK: store i64 %{{.*}}, ptr %{{.*}}, align 8, {{.*}}!nosanitize

// ELIDED-LABEL: define {{.*}} @_Z3sumi(
// ELIDED-NOT: csan.coroutine
// ELIDED: ret i32
static Task count(int n) {
  for (int i = 0; i < n; i++) co_yield i;
}
int sum(int n) {
  Task task = count(n);
  int all = 0;
  for (;;) {
    task.handle.resume();
    if (task.handle.done()) break;
    all += task.handle.promise().value;
  }
  task.handle.destroy();
  return all;
}

// CHECK-LABEL: define internal fastcc void @_Z6awaitsi.resume(
// CHECK: store ptr null, ptr %{{.*}}, align 8, {{.*}}!nosanitize
// CHECK: store ptr @csan.coroutine.site{{[.0-9]*}}, ptr %{{.*}}, align 8, {{.*}}!nosanitize
// CHECK: define internal void @csan.module_ctor()
// CHECK: call void @__csan_uses_coroutines()
#else
int plain(int* p) { return *p; }
#endif
