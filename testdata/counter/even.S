#define RESULT 4
        .text
        .globl  Even
        .type   Even,@function
Even:
        movl    $RESULT, %eax
        ret
        .section .note.GNU-stack,"",@progbits
