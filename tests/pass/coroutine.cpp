// Each part of a coroutine is a function that pushes its own frame and pops it, before a thin link too, for
// which clang itself leaves coroutines whole.
// RUN: %csan-clang -std=c++20 -O0 %s | FileCheck %s
// RUN: %csan-clang -std=c++20 -O2 %s | FileCheck %s
// RUN: %csan-clang -std=c++20 -O2 -flto=thin %s | FileCheck %s
#include <coroutine>

struct Task {
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  struct promise_type {
    Task get_return_object() { return {Handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  Handle handle;
};

int global;
void outside();

// CHECK-LABEL: define {{.*}} @_Z4workv(
// CHECK: call ptr @llvm.returnaddress(i32 0)
// CHECK-NOT: @llvm.coro.suspend
// CHECK: ret {{void|ptr}}
// CHECK-LABEL: define internal fastcc void @_Z4workv.resume(
// CHECK: call ptr @llvm.returnaddress(i32 0)
// CHECK: @_Z7outsidev
// CHECK: __csan_write4
// CHECK: getelementptr i8, ptr %{{.*}}, i64 -16
// CHECK: ret void
Task work() {
  outside();
  global = 1;
  co_return;
}
