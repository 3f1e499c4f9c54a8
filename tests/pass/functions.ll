; Which functions are checked, and how a function that calls others keeps the shadow stack.
; RUN: %csan %s | FileCheck %s
; RUN: %csan %s | %csan | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @opaque()
declare i32 @pthread_mutex_unlock(ptr)
declare void @_ZN4csan5go_v15Mutex6UnlockEv(ptr)
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: define void @leaf(
; CHECK-NOT: addrspace(257) inttoptr (i64 144
; CHECK-COUNT-1: call preserve_allcc void @__csan_write4
; CHECK-NOT: __csan_
; CHECK: ret void
define void @leaf(ptr %p) sanitize_thread {
  store i32 1, ptr %p
  ret void
}

; CHECK-LABEL: define void @caller(
; CHECK: call ptr @llvm.returnaddress
; CHECK: load ptr, ptr addrspace(257) inttoptr (i64 144
; CHECK: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK: call void @opaque()
; CHECK: load ptr, ptr addrspace(257) inttoptr (i64 144
; CHECK: getelementptr i8, ptr {{.*}}, i64 -16
; CHECK: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK-NEXT: ret void
define void @caller() sanitize_thread {
  call void @opaque()
  call void asm sideeffect "nop", ""()
  ret void
}

; Popped before the jump.
; CHECK-LABEL: define void @tail(
; CHECK: getelementptr i8, ptr {{.*}}, i64 -16
; CHECK: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK-NEXT: musttail call void @opaque()
define void @tail() sanitize_thread {
  musttail call void @opaque()
  ret void
}

; Who is called names its caller: it may not be a jump, and its frame is there.
; CHECK-LABEL: define i32 @unlock(
; CHECK: notail call i32 @pthread_mutex_unlock
; CHECK: getelementptr i8, ptr {{.*}}, i64 -16
; CHECK: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK-NEXT: ret i32
define i32 @unlock(ptr %p) sanitize_thread {
  %r = tail call i32 @pthread_mutex_unlock(ptr %p)
  ret i32 %r
}

; CHECK-LABEL: define void @goUnlock(
; CHECK: notail call void @_ZN4csan5go_v15Mutex6UnlockEv
define void @goUnlock(ptr %p) sanitize_thread {
  tail call void @_ZN4csan5go_v15Mutex6UnlockEv(ptr %p)
  ret void
}

; CHECK-LABEL: define void @jump(
; CHECK: getelementptr i8, ptr {{.*}}, i64 -16
; CHECK-NEXT: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK-NEXT: tail call void @opaque()
define void @jump() sanitize_thread {
  tail call void @opaque()
  ret void
}

; CHECK-LABEL: define void @cleanup(
; CHECK: landingpad
; CHECK: load volatile ptr
; CHECK: store ptr {{.*}}, ptr addrspace(257) inttoptr (i64 144
; CHECK: resume
define void @cleanup() sanitize_thread personality ptr @__gxx_personality_v0 {
  invoke void @opaque() to label %fine unwind label %bad
fine:
  ret void
bad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}

; Not to be checked, but part of the stacks of what it calls.
; CHECK-LABEL: define void @unchecked(
; CHECK-NOT: __csan_
; CHECK: ret void
define void @unchecked(ptr %p) {
  store i32 1, ptr %p
  call void @opaque()
  ret void
}

; CHECK-LABEL: define void @disabled(
; CHECK-NOT: addrspace(257)
; CHECK: ret void
define void @disabled(ptr %p) sanitize_thread disable_sanitizer_instrumentation {
  store i32 1, ptr %p
  call void @opaque()
  ret void
}

; CHECK-LABEL: define void @bare(
; CHECK-NOT: addrspace(257)
; CHECK: unreachable
define void @bare() naked sanitize_thread {
  call void asm sideeffect "ret", ""()
  unreachable
}

; CHECK-COUNT-1: call void @__csan_init()
; CHECK-NOT: call void @__csan_init()
