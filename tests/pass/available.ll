; From block to block: a check that was made on every path is not made again.
; RUN: %csan %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare void @opaque()

; CHECK-LABEL: define void @loop(
; CHECK: call preserve_allcc void @__csan_write4
; CHECK: again:
; CHECK-NOT: __csan_
; CHECK: ret void
define void @loop(ptr %p, i32 %n) sanitize_thread {
entry:
  store i32 0, ptr %p
  br label %again
again:
  %i = phi i32 [ 0, %entry ], [ %j, %again ]
  %v = load i32, ptr %p
  %w = add i32 %v, %i
  store i32 %w, ptr %p
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %again, label %done
done:
  ret void
}

; CHECK-LABEL: define void @loop_with_call(
; CHECK: again:
; CHECK: call preserve_allcc void @__csan_write4
; CHECK: ret void
define void @loop_with_call(ptr %p, i32 %n) sanitize_thread {
entry:
  store i32 0, ptr %p
  br label %again
again:
  %i = phi i32 [ 0, %entry ], [ %j, %again ]
  store i32 %i, ptr %p
  call void @opaque()
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %again, label %done
done:
  ret void
}

; CHECK-LABEL: define i32 @both_arms(
; CHECK-COUNT-2: call preserve_allcc void @__csan_write4
; CHECK-NOT: __csan_
; CHECK: ret i32
define i32 @both_arms(ptr %p, i1 %c) sanitize_thread {
  br i1 %c, label %yes, label %no
yes:
  store i32 1, ptr %p
  br label %out
no:
  store i32 2, ptr %p
  br label %out
out:
  %v = load i32, ptr %p
  ret i32 %v
}

; CHECK-LABEL: define i32 @one_arm(
; CHECK: call preserve_allcc void @__csan_write4
; CHECK: call preserve_allcc void @__csan_read4
define i32 @one_arm(ptr %p, i1 %c) sanitize_thread {
  br i1 %c, label %yes, label %out
yes:
  store i32 1, ptr %p
  br label %out
out:
  %v = load i32, ptr %p
  ret i32 %v
}

; A read does not stand for a write.
; CHECK-LABEL: define void @read_before(
; CHECK: call preserve_allcc void @__csan_read4
; CHECK: call preserve_allcc void @__csan_write4
define void @read_before(ptr %p) sanitize_thread {
  %v = load i32, ptr %p
  %c = icmp eq i32 %v, 0
  br i1 %c, label %set, label %out
set:
  store i32 1, ptr %p
  br label %out
out:
  ret void
}

; Another pointer in each round: its check of the last round says nothing of this one.
; CHECK-LABEL: define void @list(
; CHECK: next:
; CHECK: call preserve_allcc void @__csan_read8
define void @list(ptr %head) sanitize_thread {
entry:
  br label %next
next:
  %at = phi ptr [ %head, %entry ], [ %to, %next ]
  %to = load ptr, ptr %at
  %end = icmp eq ptr %to, null
  br i1 %end, label %out, label %next
out:
  ret void
}
