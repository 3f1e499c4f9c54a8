; What stands around calls that a model describes.
; RUN: %csan-model=%S/model.yaml %s | FileCheck %s
; RUN: %csan-model=%S/model.yaml %s | %csan-model=%S/model.yaml | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @c_lock(ptr)
declare i32 @c_trylock(ptr)
declare void @c_done(ptr)
declare ptr @_ZN1q5QueueIiE3getERKi(ptr, ptr)
declare void @_ZN1q5QueueIiE3putERKi(ptr, ptr)
declare void @_ZN1q5QueueIiE3putERKl(ptr, ptr)
declare ptr @_ZN1q5Queue4makeEv()
declare ptr @_ZN1q5Queue5make2Ev()
declare void @_ZNSt3mapIiiE2atERKi(ptr)
declare void @_ZNSi3getEv(ptr)
declare void @_ZN1qdlEPv(ptr)
declare void @_ZN1q1QcvbEv(ptr)
declare i32 @__gxx_personality_v0(...)

; An exception that passes through ends it, undone.
; CHECK-LABEL: define void @may_throw(
; CHECK: notail call void @__csan_model_begin(i32 [[LOCK:[0-9]+]], ptr %l, i64 -1)
; CHECK-NEXT: invoke void @c_lock(ptr %l)
; CHECK-NEXT: to label %[[FINE:.*]] unwind label %[[BAD:.*]]
; CHECK: [[FINE]]:
; CHECK: notail call void @__csan_model_end(i32 [[LOCK]], ptr %l, i64 -1, i32 1)
; CHECK: ret void
; CHECK: [[BAD]]:
; CHECK: cleanup
; CHECK-NEXT: notail call void @__csan_model_end(i32 [[LOCK]], ptr %l, i64 -1, i32 0)
; CHECK-NEXT: resume
define void @may_throw(ptr %l) sanitize_thread {
  call void @c_lock(ptr %l)
  ret void
}

; CHECK-LABEL: define i32 @condition(
; CHECK: begin(i32 [[TRY:[0-9]+]], ptr %l, i64 -1)
; CHECK-NEXT: [[R:%.*]] = call i32 @c_trylock
; CHECK-NEXT: [[IS:%.*]] = icmp eq i32 [[R]], 0
; CHECK-NEXT: [[HOW:%.*]] = select i1 [[IS]], i32 1, i32 0
; CHECK-NEXT: __csan_model_end(i32 [[TRY]], ptr %l, i64 -1, i32 [[HOW]])
define i32 @condition(ptr %l) nounwind sanitize_thread {
  %r = call i32 @c_trylock(ptr %l)
  ret i32 %r
}

; Of a landing pad that is shared the call gets its own.
; CHECK-LABEL: define void @shared_pad(
; CHECK: begin(i32 [[LOCK]], ptr %a, i64 -1)
; CHECK-NEXT: invoke void @c_lock(ptr %a)
; CHECK-NEXT: unwind label %[[A:.*]]
; CHECK: end(i32 [[LOCK]], ptr %a, i64 -1, i32 1)
; CHECK: begin(i32 [[LOCK]], ptr %b, i64 -1)
; CHECK-NEXT: invoke void @c_lock(ptr %b)
; CHECK-NEXT: unwind label %[[B:.*]]
; CHECK: end(i32 [[LOCK]], ptr %b, i64 -1, i32 1)
; CHECK: [[B]]:
; CHECK: end(i32 [[LOCK]], ptr %b, i64 -1, i32 0)
; CHECK: [[A]]:
; CHECK: end(i32 [[LOCK]], ptr %a, i64 -1, i32 0)
define void @shared_pad(ptr %a, ptr %b) sanitize_thread personality ptr @__gxx_personality_v0 {
  invoke void @c_lock(ptr %a) to label %next unwind label %bad
next:
  invoke void @c_lock(ptr %b) to label %fine unwind label %bad
fine:
  ret void
bad:
  %e = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %e
}

; Template arguments do not matter; what is referred to is checked.
; CHECK-LABEL: define ptr @member(
; CHECK: __csan_range_read(ptr %v, i64 4)
; CHECK-NEXT: begin(i32 [[GET:[0-9]+]], ptr %q, i64 -1)
; CHECK-NEXT: call ptr @_ZN1q5QueueIiE3getERKi
; CHECK: icmp ne i64
; CHECK: end(i32 [[GET]], ptr %q
define ptr @member(ptr %q, ptr %v) nounwind sanitize_thread {
  %r = call ptr @_ZN1q5QueueIiE3getERKi(ptr %q, ptr dereferenceable(4) %v)
  ret ptr %r
}

; CHECK-LABEL: define void @overload(
; CHECK: begin(i32 [[PUT:[0-9]+]], ptr %q, i64 -1)
; CHECK-NEXT: call void @_ZN1q5QueueIiE3putERKi
; CHECK-NEXT: end(i32 [[PUT]], ptr %q, i64 -1, i32 1)
; CHECK-NEXT: __csan_range_write(ptr %v, i64 4)
; CHECK-NEXT: call void @_ZN1q5QueueIiE3putERKl
; CHECK-NEXT: ret void
define void @overload(ptr %q, ptr %v) nounwind sanitize_thread {
  call void @_ZN1q5QueueIiE3putERKi(ptr %q, ptr dereferenceable(4) %v)
  call void @_ZN1q5QueueIiE3putERKl(ptr %q, ptr dereferenceable(8) %v)
  ret void
}

; CHECK-LABEL: define ptr @result(
; CHECK-NOT: begin
; CHECK: call ptr @_ZN1q5Queue4makeEv()
; CHECK: begin(i32 {{[0-9]+}}, ptr null, i64 -1)
; CHECK-NEXT: [[NEW:%.*]] = call ptr @_ZN1q5Queue5make2Ev()
; CHECK-NEXT: end(i32 {{[0-9]+}}, ptr [[NEW]], i64 -1, i32 1)
define ptr @result() nounwind sanitize_thread {
  %other = call ptr @_ZN1q5Queue4makeEv()
  %r = call ptr @_ZN1q5Queue5make2Ev()
  ret ptr %r
}

; CHECK-LABEL: define void @indirect(
; CHECK: [[P:%.*]] = load ptr, ptr %h
; CHECK-NEXT: begin(i32 {{[0-9]+}}, ptr [[P]], i64 -1)
define void @indirect(ptr %h) nounwind sanitize_thread {
  call void @c_done(ptr %h)
  ret void
}

; CHECK-LABEL: define void @not_seen(
; CHECK-NOT: __csan
; CHECK: ret void
define void @not_seen(ptr %l) nounwind sanitize_thread {
  %p = alloca ptr
  store ptr @c_lock, ptr %p
  %f = load ptr, ptr %p
  call void %f(ptr %l)
  musttail call void @c_lock(ptr %l)
  ret void
}

; CHECK-LABEL: define void @disabled(
; CHECK-NOT: __csan
; CHECK: ret void
define void @disabled(ptr %l) disable_sanitizer_instrumentation {
  call void @c_lock(ptr %l)
  ret void
}

; CHECK-LABEL: define i32 @outcomes(
; CHECK: [[N:%.*]] = sext i32 %n to i64
; CHECK-NEXT: begin(i32 {{[0-9]+}}, ptr %q, i64 [[N]])
; CHECK-NEXT: [[R:%.*]] = call i32 @_ZN4some4long9namespace5Class14first_functionEi
; CHECK-NEXT: [[CLOSED:%.*]] = icmp eq i32 [[R]], 3
; CHECK-NEXT: [[ELSE:%.*]] = select i1 [[CLOSED]], i32 2, i32 0
; CHECK-NEXT: [[DONE:%.*]] = icmp eq i32 [[R]], 0
; CHECK-NEXT: [[HOW:%.*]] = select i1 [[DONE]], i32 1, i32 [[ELSE]]
; CHECK-NEXT: end(i32 {{[0-9]+}}, ptr %q, i64 [[N]], i32 [[HOW]])
declare i32 @_ZN4some4long9namespace5Class14first_functionEi(ptr, i32)
define i32 @outcomes(ptr %q, i32 %n) nounwind sanitize_thread {
  %r = call i32 @_ZN4some4long9namespace5Class14first_functionEi(ptr %q, i32 %n)
  ret i32 %r
}

; What is called back tells of itself; who calls it does not.
; CHECK-LABEL: define void @_ZN1q4NodeIiED2Ev(
; CHECK-NEXT: begin(i32 [[ACQUIRE:[0-9]+]], ptr %this, i64 -1)
; CHECK-NEXT: end(i32 [[ACQUIRE]], ptr %this, i64 -1, i32 1)
; CHECK-NEXT: ret void
define void @_ZN1q4NodeIiED2Ev(ptr %this) nounwind sanitize_thread {
  ret void
}

; CHECK-LABEL: define void @c_called_back(
; CHECK: alloca
; CHECK-NEXT: [[P:%.*]] = load ptr, ptr %at
; CHECK-NEXT: begin(i32 [[RELEASE:[0-9]+]], ptr [[P]], i64 -1)
; CHECK-NEXT: end(i32 [[RELEASE]], ptr [[P]], i64 -1, i32 1)
; CHECK-NOT: __csan_model
; CHECK: ret void
define void @c_called_back(ptr sret(i64) %result, i32 %n, ptr %at) nounwind sanitize_thread {
  %local = alloca i64
  store i64 0, ptr %local
  call void @_ZN1q4NodeIiED2Ev(ptr %local)
  ret void
}

; Names of which the symbol has no part, or only the shortest.
; CHECK-LABEL: define void @abbreviated(
; CHECK: begin(i32 {{[0-9]+}}, ptr %p, i64 -1)
; CHECK-NEXT: call void @_ZNSt3mapIiiE2atERKi(
; CHECK: begin(i32 {{[0-9]+}}, ptr %p, i64 -1)
; CHECK-NEXT: call void @_ZNSi3getEv(
; CHECK: begin(i32 {{[0-9]+}}, ptr %p, i64 -1)
; CHECK-NEXT: call void @_ZN1qdlEPv(
; CHECK: begin(i32 {{[0-9]+}}, ptr %p, i64 -1)
; CHECK-NEXT: call void @_ZN1q1QcvbEv(
define void @abbreviated(ptr %p) nounwind sanitize_thread {
  call void @_ZNSt3mapIiiE2atERKi(ptr %p)
  call void @_ZNSi3getEv(ptr %p)
  call void @_ZN1qdlEPv(ptr %p)
  call void @_ZN1q1QcvbEv(ptr %p)
  ret void
}

; Who comes back from a switch is who made it, on whatever thread; an exception comes back too.
declare void @c_resume(ptr)
declare void @c_yield()
; CHECK-LABEL: define void @switches(
; CHECK: [[LEFT:%.*]] = notail call ptr @__csan_model_leave(ptr %f)
; CHECK-NEXT: invoke void @c_resume(ptr %f)
; CHECK: notail call void @__csan_model_return(ptr [[LEFT]])
; CHECK: [[ME:%.*]] = notail call ptr @__csan_model_leave(ptr null)
; CHECK-NEXT: invoke void @c_yield()
; CHECK: notail call void @__csan_model_return(ptr [[ME]])
; CHECK: cleanup
; CHECK-NEXT: notail call void @__csan_model_return(ptr [[LEFT]])
; CHECK: cleanup
; CHECK-NEXT: notail call void @__csan_model_return(ptr [[ME]])
define void @switches(ptr %f) sanitize_thread {
  call void @c_resume(ptr %f)
  call void @c_yield()
  ret void
}

; CHECK-LABEL: define void @c_body(
; CHECK-NEXT: {{.*}}call ptr @__csan_model_leave(ptr %f)
; CHECK-NEXT: notail call void @__csan_model_return(ptr null)
; CHECK: ret void
define void @c_body(ptr %f) sanitize_thread {
  ret void
}

; A select names an array of what it waits for: the program's own, or one on the stack; and which it took.
declare i32 @c_select(ptr, i64)
declare i64 @c_either(ptr, ptr)
; CHECK-LABEL: define i32 @selects(
; CHECK: call void @__csan_model_select(i32 [[SELECT:[0-9]+]], ptr %all, i64 %n, i64 -6148914691236517206)
; CHECK-NEXT: [[GOT:%.*]] = call i32 @c_select(ptr %all, i64 %n)
; CHECK: [[TOOK:%.*]] = select i1 true, i32 [[GOT]], i32 -1
; CHECK-NEXT: call void @__csan_model_selected(i32 [[SELECT]], ptr %all, i64 %n, i64 -6148914691236517206, i32 [[TOOK]])
define i32 @selects(ptr %all, i64 %n) nounwind sanitize_thread {
  %got = call i32 @c_select(ptr %all, i64 %n)
  ret i32 %got
}
; CHECK-LABEL: define void @lists(
; CHECK: [[CASES:%.*]] = alloca [2 x ptr]
; CHECK: store ptr %b, ptr {{.*}}, !nosanitize
; CHECK: [[POINTED:%.*]] = load ptr, ptr %a
; CHECK: store ptr [[POINTED]], ptr {{.*}}, !nosanitize
; CHECK: call void @__csan_model_select(i32 [[TRY:[0-9]+]], ptr [[CASES]], i64 2, i64 1229782938247303441)
; CHECK: [[R:%.*]] = call i64 @c_either
; CHECK: [[DONE:%.*]] = icmp sge i64 [[R]], 0
; CHECK: trunc i64 [[R]] to i32
; CHECK: select i1 [[DONE]], i32 {{.*}}, i32 -1
; CHECK-NEXT: call void @__csan_model_selected(i32 [[TRY]], ptr [[CASES]], i64 2,
define void @lists(ptr %a, ptr %b) nounwind sanitize_thread {
  %r = call i64 @c_either(ptr %a, ptr %b)
  ret void
}
