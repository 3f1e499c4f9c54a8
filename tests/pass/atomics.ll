; Atomic operations become hooks with their order; those of one thread with itself stay.
; RUN: %csan %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define i32 @load(
; CHECK: call ptr @llvm.returnaddress
; CHECK: call i32 @__csan_atomic32_load(ptr %p, i32 2)
define i32 @load(ptr %p) sanitize_thread {
  %v = load atomic i32, ptr %p acquire, align 4
  ret i32 %v
}

; CHECK-LABEL: define void @store(
; CHECK: call void @__csan_atomic8_store(ptr %p, i8 1, i32 3)
define void @store(ptr %p) sanitize_thread {
  store atomic i8 1, ptr %p release, align 1
  ret void
}

; CHECK-LABEL: define i64 @add(
; CHECK: call i64 @__csan_atomic64_fetch_add(ptr %p, i64 5, i32 4)
define i64 @add(ptr %p) sanitize_thread {
  %v = atomicrmw add ptr %p, i64 5 acq_rel
  ret i64 %v
}

; An operation without a hook of its own becomes a loop.
; CHECK-LABEL: define i16 @maximum(
; CHECK: call i16 @__csan_atomic16_load(ptr %p, i32 0)
; CHECK: call i16 @__csan_atomic16_compare_exchange(ptr %p, i16 {{.*}}, i16 {{.*}}, i32 5, i32 0)
define i16 @maximum(ptr %p) sanitize_thread {
  %v = atomicrmw max ptr %p, i16 9 seq_cst
  ret i16 %v
}

; CHECK-LABEL: define ptr @exchange(
; CHECK: call i64 @__csan_atomic64_compare_exchange(ptr %p, i64 {{.*}}, i64 {{.*}}, i32 4, i32 2)
define ptr @exchange(ptr %p, ptr %a, ptr %b) sanitize_thread {
  %pair = cmpxchg ptr %p, ptr %a, ptr %b acq_rel acquire
  %v = extractvalue { ptr, i1 } %pair, 0
  ret ptr %v
}

; CHECK-LABEL: define i128 @wide(
; CHECK: call i128 @__csan_atomic128_fetch_add(ptr %p, i128 1, i32 5)
define i128 @wide(ptr %p) sanitize_thread {
  %v = atomicrmw add ptr %p, i128 1 seq_cst
  ret i128 %v
}

; CHECK-LABEL: define void @signal_fence(
; CHECK-NOT: __csan_atomic_fence
; CHECK: ret void
define void @signal_fence() sanitize_thread {
  fence syncscope("singlethread") seq_cst
  ret void
}

; The module has no fence between threads, and says so by saying nothing.
; CHECK-NOT: call void @__csan_uses_fence
