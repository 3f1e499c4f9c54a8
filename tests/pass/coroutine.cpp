// Each part of a coroutine is a function that pushes its own frame and pops it, before a thin link too, for
// which clang itself leaves coroutines whole. Below it is where the coroutine was created.
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
// CHECK: call i64 @__csan_coroutine_created()
// CHECK-NOT: @llvm.coro.suspend
// CHECK-NOT: csan.coroutine.resumed
// CHECK: ret {{void|ptr}}
// CHECK-LABEL: define internal fastcc void @_Z4workv.resume(
// CHECK: [[PC:%.*]] = call ptr @llvm.returnaddress(i32 0)
// CHECK: [[TOP:%.*]] = load ptr, ptr addrspace(257) inttoptr (i64 144
// CHECK: [[OWN:%.*]] = getelementptr i8, ptr [[TOP]], i64 16
// CHECK: store i64 %{{.*}}, ptr [[TOP]]
// CHECK: store ptr [[PC]], ptr [[OWN]]
// CHECK: @_Z7outsidev
// CHECK: __csan_write4
// CHECK: store ptr [[TOP]], ptr addrspace(257) inttoptr (i64 144
// CHECK: ret void
Task work() {
  outside();
  global = 1;
  co_return;
}
