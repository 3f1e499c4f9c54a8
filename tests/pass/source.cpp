// What only the front end knows: attributes, and vtable pointers by their type information.
// RUN: %csan-clang -O1 %s | FileCheck %s

struct Base {
  virtual ~Base();
  virtual int Get();
};

// CHECK-LABEL: define {{.*}} @_Z4calledR4Base
// CHECK: call preserve_allcc void @__csan_vptr_read
int called(Base& b) __asm__("_Z4calledR4Base");
int called(Base& b) { return b.Get() + 1; }

// CHECK-LABEL: define {{.*}} @unchecked
// CHECK-NOT: __csan_
// CHECK: ret void
extern "C" __attribute__((no_sanitize("thread"))) void unchecked(int* p) { *p = 1; }

// CHECK-LABEL: define {{.*}} @disabled
// CHECK-NOT: __csan_
// CHECK: ret void
extern "C" __attribute__((disable_sanitizer_instrumentation)) void disabled(int* p) { *p = 1; }

// CHECK-LABEL: define {{.*}} @told
// CHECK: ret i32 1
extern "C" int told() {
#if __has_feature(thread_sanitizer)
  return 1;
#else
  return 0;
#endif
}
