// Where the thunks of foreign.cc jump, each with its index pushed above the return address: tells of the call
// and goes on to the function, with every register as it was but r11, which calls between modules change.
        .text
        .hidden csan_foreign_call
        .globl  csan_foreign_thunk
        .hidden csan_foreign_thunk
        .type   csan_foreign_thunk,@function
csan_foreign_thunk:
        .cfi_startproc
        .cfi_def_cfa_offset 16
        .irp reg, rax, rdi, rsi, rdx, rcx, r8, r9, r10
        pushq   %\reg
        .cfi_adjust_cfa_offset 8
        .endr
        movl    64(%rsp), %edi
        cld
        call    csan_foreign_call
        movq    %rax, 64(%rsp)
        .irp reg, r10, r9, r8, rcx, rdx, rsi, rdi, rax
        popq    %\reg
        .cfi_adjust_cfa_offset -8
        .endr
        popq    %r11
        .cfi_adjust_cfa_offset -8
        jmpq    *%r11
        .cfi_endproc
        .size   csan_foreign_thunk, . - csan_foreign_thunk
        .section .note.GNU-stack,"",@progbits
